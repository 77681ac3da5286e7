/** What a pattern can be at while a text is read. */
type State =
  | CharacterState
  | { readonly kind: 'place'; readonly is: Place; readonly next: State }
  | { readonly kind: 'fork'; readonly next: readonly State[] }
  | { readonly kind: 'end' };

interface CharacterState {
  readonly kind: 'character';
  readonly is: RegExp;
  readonly next: State;
}

/** Whether a place between two characters is one that is asked for. */
export type Place = (characters: readonly string[], at: number) => boolean;

/** A part of a pattern. */
export interface Part {
  /** How many states it makes at most; known before any is made. */
  readonly size: number;
  /** The state it begins with when the given one comes after it. */
  readonly before: (next: State) => State;
}

/** One character. The expression must fit texts of one character only. */
export function character(is: RegExp): Part {
  return { size: 1, before: (next) => ({ kind: 'character', is, next }) };
}

/** A place between characters, which takes none of them. */
export function place(is: Place): Part {
  return { size: 1, before: (next) => ({ kind: 'place', is, next }) };
}

/** One part after the other. */
export function inTurn(parts: readonly Part[]): Part {
  return { size: sizeOf(parts), before: (next) => parts.reduceRight((after, part) => part.before(after), next) };
}

/** Any one of the parts. */
export function either(parts: readonly Part[]): Part {
  return {
    size: 1 + sizeOf(parts),
    before: (next) => ({ kind: 'fork', next: parts.map((part) => part.before(next)) }),
  };
}

/** A part several times; `most` may be infinite. */
export function repeated(part: Part, least: number, most: number): Part {
  if (most === Number.POSITIVE_INFINITY) return inTurn([...times(part, least - 1), endless(part, least > 0)]);
  return inTurn([...times(part, least), ...times(either([part, inTurn([])]), most - least)]);
}

function endless(part: Part, isNeeded: boolean): Part {
  return {
    size: 1 + part.size,
    before: (next) => {
      const ways: State[] = [next];
      const again: State = { kind: 'fork', next: ways };
      const once = part.before(again);
      ways.push(once);
      return isNeeded ? once : again;
    },
  };
}

/** More than anybody looks at need not be told apart. */
function times(part: Part, count: number): readonly Part[] {
  return Array.from({ length: Math.max(0, Math.min(count, 10_000)) }, () => part);
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Whether the characters hold, anywhere, what a part describes. They are read once, with all states that the part
 * could be in: the work is at most states × characters. Source: Ken Thompson, "Regular expression search algorithm".
 */
export function isHeldBy(part: Part): (characters: readonly string[]) => boolean {
  const first = part.before({ kind: 'end' });
  return (characters) => {
    let reached: readonly State[] = [];
    for (let at = 0; at <= characters.length; at += 1) {
      const waiting = waitingAt(characters, at, new Set([first, ...reached]));
      if (waiting === 'end') return true;
      reached = waiting.filter(({ is }) => is.test(characters[at] ?? '')).map(({ next }) => next);
    }
    return false;
  };
}

/** The states that want a character here, or that the end is reached. */
function waitingAt(characters: readonly string[], at: number, reached: Set<State>): CharacterState[] | 'end' {
  const waiting: CharacterState[] = [];
  // The set grows while it is gone through, and holds every state once.
  for (const state of reached) {
    if (state.kind === 'end') return 'end';
    if (state.kind === 'character') waiting.push(state);
    else if (state.kind === 'fork') for (const next of state.next) reached.add(next);
    else if (state.is(characters, at)) reached.add(state.next);
  }
  return waiting;
}
