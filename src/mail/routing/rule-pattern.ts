import { character, either, inTurn, isHeldBy, type Part, type Place, place, repeated } from './pattern-states.ts';

/** Whether a text holds what a pattern describes; null when nobody can say. */
export type RulePattern = (text: string) => boolean | null;

/** Both beyond what addresses and rules need (RFC 5321 §4.5.3.1 allows an address of 320 characters). */
const longest = 1000;
const mostStates = 500;

/**
 * Reads a regular expression of a transport rule. Anybody who sends mail chooses the text and every tenant its
 * patterns, and an engine that goes back and tries again can take hours for the wrong two; this one reads a text once
 * and takes a time in proportion to its length. The answer is null for what cannot be read that way (back-references,
 * looking around), for what is none of our regular expressions but may be one of Exchange's, and for patterns and
 * texts of more than 1000 characters. Case does not count. Throws nothing.
 */
export function rulePattern(source: string): RulePattern {
  const part = isExpression(source) ? new Reader(source).whole() : null;
  if (!part || part.size > mostStates) return () => null;
  const isHeld = isHeldBy(part);
  // One message is routed several times in a row, with and without a plan.
  let last = { text: '', is: isHeld([]) };
  return (text) => {
    if (text.length > longest) return null;
    if (text !== last.text) last = { text, is: isHeld(Array.from(text)) };
    return last.is;
  };
}

/** Making an expression only parses it; what it costs to use it is not known. */
function isExpression(source: string): boolean {
  try {
    return source.length <= longest && new RegExp(source, 'iu').unicode;
  } catch {
    return false;
  }
}

/** A class, an escape that stands for one character or for a place, or one character. */
const atom = /\[(?:[^\]\\]|\\.)*\]|\\(?:[bdDsSwWtnrfv^$\\.*+?()[\]{}|/]|[pP]\{[^}]*\})|[^\\|()]/suy;
const opening = /\((?:\?:|\?<\w+>|(?!\?))/uy;
const quantifier = /(?:(?<sign>[*+?])|\{(?<least>\d+)(?<range>,(?<most>\d*))?\})\??/uy;

const places = new Map<string, Place>([
  ['^', (_, at) => at === 0],
  ['$', (characters, at) => at === characters.length],
  ['\\b', isAtWordEnd],
]);

function isAtWordEnd(characters: readonly string[], at: number): boolean {
  const isWord = (one = ''): boolean => /^\w$/iu.test(one);
  return isWord(characters[at - 1]) !== isWord(characters[at]);
}

/** Of an expression that is known to be one. Every method reads on where the last one stopped; null is "no idea". */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Part | null {
    const part = this.#choice();
    return this.#at === this.#source.length ? part : null;
  }

  #choice(): Part | null {
    const parts = [this.#row()];
    while (this.#take(/\|/uy)) parts.push(this.#row());
    const known = parts.filter((part) => part !== null);
    return known.length === parts.length ? either(known) : null;
  }

  #row(): Part | null {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      const part = this.#single();
      if (!part) return null;
      parts.push(this.#asOften(part));
    }
    return inTurn(parts);
  }

  #single(): Part | null {
    if (this.#take(opening)) {
      const part = this.#choice();
      return this.#take(/\)/uy) ? part : null;
    }
    const text = this.#take(atom)?.[0];
    if (text === undefined) return null;
    const known = places.get(text);
    return known ? place(known) : character(new RegExp(`^${text}$`, 'iu'));
  }

  #asOften(part: Part): Part {
    const { sign, least, range, most } = this.#take(quantifier)?.groups ?? {};
    if (sign !== undefined) return repeated(part, sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY);
    if (least === undefined) return part;
    const upTo = most ? Number(most) : Number.POSITIVE_INFINITY;
    return repeated(part, Number(least), range === undefined ? Number(least) : upTo);
  }

  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}
