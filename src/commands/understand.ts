import { distance } from 'fastest-levenshtein';
import { findGateway } from '../mail/gateways/index.ts';

/** A workflow as far as recognising it in a sentence needs. */
export interface Phrased {
  readonly name: string;
  readonly phrases: readonly string[];
}

/** What a typed sentence asks for, as far as it could be understood without guessing. */
export type Understood =
  | { readonly kind: 'request'; readonly workflow: string; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'unclear'; readonly given: string; readonly suggestions: readonly string[] }
  | { readonly kind: 'nothing' };

const fillers = new Set([
  'a',
  'an',
  'and',
  'at',
  'for',
  'from',
  'in',
  'me',
  'now',
  'of',
  'on',
  'our',
  'please',
  'the',
  'to',
  'with',
]);
const optionNames = ['ranges', 'range', 'mx', 'mailbox'] as const;

/**
 * Recognises a request by the words of its phrases, in any order, with fillers in between.
 * Words that nothing explains make the sentence unclear: a write never acts on a sentence half understood.
 */
export function understandRequest(text: string, workflows: readonly Phrased[]): Understood {
  const literal = takenLiterally(text, workflows);
  if (literal) return literal;
  const { values: options, rest } = takeOptions(text);
  const words = wordsOf(rest);
  const domains = words.filter(looksLikeDomain);
  const plain = words.filter((word) => !looksLikeDomain(word) && !fillers.has(word));
  const match = bestMatch(plain, workflows, (wanted, word) => wanted === word);
  if (!match) return suggestion(text, plain, domains, workflows);
  const left = plain.filter((word) => !match.literals.includes(word));
  const takesGateway = match.phrase.includes('{gateway}');
  const gateway = left.join(' ');
  // Without the word gateway only an exact name tells that one is meant.
  if (takesGateway && !match.literals.includes('gateway') && !isGateway(gateway)) {
    return suggestion(text, plain, domains, workflows);
  }
  if (domains.length > 1 || (left.length > 0 && !takesGateway)) {
    const example = fill(match.phrase, domains[0], takesGateway ? gateway : undefined);
    return { kind: 'unclear', given: text, suggestions: [example] };
  }
  return {
    kind: 'request',
    workflow: match.workflow.name,
    values: {
      ...(domains[0] === undefined ? {} : { domain: domains[0] }),
      ...(gateway === '' ? {} : { gateway }),
      ...options,
    },
  };
}

/** A phrase with `{value}` is matched word by word, so that what stands there is kept exactly as it was typed. */
function takenLiterally(text: string, workflows: readonly Phrased[]): Understood | null {
  for (const { name, phrases } of workflows) {
    for (const phrase of phrases.filter((one) => one.includes('{value}'))) {
      const pattern = phrase.replace('{value}', '(?<value>.+)').replace(/\{(\w+)\}/g, '(?<$1>\\S+)');
      const groups = new RegExp(`^${pattern}$`, 'is').exec(text.trim().replace(/[ \t]+/g, ' '))?.groups;
      if (groups) return { kind: 'request', workflow: name, values: { ...groups } };
    }
  }
  return null;
}

function suggestion(
  text: string,
  plain: readonly string[],
  domains: readonly string[],
  workflows: readonly Phrased[],
): Understood {
  const near = bestMatch(plain, workflows, (wanted, word) => wanted.length > 3 && distance(wanted, word) <= 2);
  if (!near) return { kind: 'nothing' };
  const left = plain.filter((word) => near.literals.every((literal) => distance(literal, word) > 2));
  return { kind: 'unclear', given: text, suggestions: [fill(near.phrase, domains[0], nearestGateway(left.join(' ')))] };
}

function isGateway(name: string): boolean {
  return findGateway(name).kind === 'found';
}

function nearestGateway(name: string): string | undefined {
  const found = findGateway(name);
  const near = found.kind === 'found' ? undefined : found.suggestions[0]?.key;
  return near ?? (name || undefined);
}

interface Match {
  readonly workflow: Phrased;
  readonly phrase: string;
  readonly literals: readonly string[];
}

function bestMatch(
  words: readonly string[],
  workflows: readonly Phrased[],
  same: (wanted: string, word: string) => boolean,
): Match | undefined {
  const matches = workflows.flatMap((workflow) =>
    workflow.phrases
      .map((phrase) => ({ workflow, phrase, literals: literalsOf(phrase) }))
      .filter(({ literals }) =>
        literals.every((literal) => words.some((word) => literal === word || same(literal, word))),
      ),
  );
  const byLength = (one: Match, other: Match): number => other.literals.length - one.literals.length;
  const fits = ({ phrase, literals }: Match): boolean =>
    phrase.includes('{gateway}') === isGateway(words.filter((word) => !literals.includes(word)).join(' '));
  return matches.toSorted((one, other) => byLength(one, other) || Number(fits(other)) - Number(fits(one)))[0];
}

function literalsOf(phrase: string): string[] {
  return phrase.split(' ').filter((word) => !word.startsWith('{') && !fillers.has(word));
}

function fill(phrase: string, domain = 'contoso.com', gateway = '<gateway>'): string {
  return phrase.replace('{domain}', domain).replace('{gateway}', gateway);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('set-up', 'set up')
    .replaceAll('lock-down', 'lock down')
    .split(/\s+/)
    .map((word) => word.replace(/^["'(“]+|["'),;:!?”]+$|\.$/g, ''))
    .filter((word) => word !== '');
}

function looksLikeDomain(word: string): boolean {
  return word.includes('.') && !word.includes('@') && !word.includes('/');
}

/** `ranges …`, `mx …` and `mailbox …` take everything up to the next option or `for`. */
function takeOptions(text: string): { values: Record<string, string>; rest: string } {
  const values: Record<string, string> = {};
  const pattern = new RegExp(
    `(?<![^\\s,;])(${optionNames.join('|')})\\b[:=]?\\s+(.+?)(?=\\s+(?:${optionNames.join('|')}|for)\\b|$)`,
    'gi',
  );
  const rest = text.replace(pattern, (_all, name: string, value: string) => {
    values[name.toLowerCase() === 'range' ? 'ranges' : name.toLowerCase()] = value.replace(/[.,;!?\s]+$/u, '');
    return ' ';
  });
  return { values, rest };
}
