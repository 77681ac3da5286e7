import { BadRequest } from './http.ts';
import type { Where } from './journal.ts';

const FAULT_KINDS = [
  'throttle-with-retry-after',
  'throttle',
  'server-error-before',
  'server-error-after',
  'hang-after',
  'slow-propagation',
  'lost-role',
  'consent-revoked',
  'partial-write',
  'normalised-value',
  'slow',
  'tenant-concurrency',
  'authorization-context',
  'colleague',
] as const;

type FaultKind = (typeof FAULT_KINDS)[number];

const PLACES: readonly Where[] = ['exchange', 'compliance', 'graph', 'entra', 'teams', 'dns', 'smtp'];

/** A misbehaviour that is played to calls that match. */
export interface Fault {
  readonly id: number;
  readonly where: Where;
  readonly match: Readonly<Record<string, string>>;
  readonly kind: FaultKind;
  /** How many matching calls it still meets; null is for ever. */
  readonly times: number | null;
  /** Matching calls that pass untouched first. */
  readonly after: number;
  /** Real milliseconds that `slow` adds. */
  readonly delayMs: number;
  /** Seconds for `Retry-After` and for `slow-propagation`. */
  readonly seconds: number;
  /** HTTP status of the two server errors. */
  readonly status: number;
  /** For `slow-propagation`: lists lag too, not only reads by identity. */
  readonly lists: boolean;
  /** For `normalised-value` and `partial-write`: the property concerned, and what is stored instead. */
  readonly property: string | null;
  readonly value: unknown;
  /** For `lost-role` and `consent-revoked`: the right is really gone from then on, not only for these calls. */
  readonly lasting: boolean;
  /** For `colleague`: what somebody else does in the admin centre right before or right after the call. */
  readonly when: 'before' | 'after';
  readonly run: { readonly cmdlet: string; readonly parameters: Readonly<Record<string, unknown>> } | null;
}

/** What is known about a call; a fact may have several names (a tenant's id and its name). */
export type Facts = Readonly<Record<string, string | readonly string[] | undefined>>;

type Armed = { -readonly [Key in keyof Fault]: Fault[Key] };

export class Faults {
  #armed: Armed[] = [];
  #ids = 0;

  /** Arms a fault from the control API's JSON. */
  arm(input: Readonly<Record<string, unknown>>): Fault {
    const where = PLACES.find((place) => place === input['where']);
    const kind = FAULT_KINDS.find((name) => name === input['kind']);
    if (!where) throw new BadRequest(`where must be one of ${PLACES.join(', ')}.`);
    if (!kind) throw new BadRequest(`kind must be one of ${FAULT_KINDS.join(', ')}.`);
    this.#ids += 1;
    const fault: Armed = {
      id: this.#ids,
      where,
      kind,
      match: matchOf(input['match']),
      times: input['times'] === null ? null : amount(input, 'times', 1),
      after: amount(input, 'after', 0),
      delayMs: amount(input, 'delayMs', 1000),
      seconds: amount(input, 'seconds', kind === 'slow-propagation' ? 60 : 2),
      status: amount(input, 'status', 503),
      lists: input['lists'] === true,
      property: typeof input['property'] === 'string' ? input['property'] : null,
      value: input['value'] ?? null,
      lasting: input['lasting'] === true,
      when: input['when'] === 'after' ? 'after' : 'before',
      run: kind === 'colleague' ? runOf(input['run']) : null,
    };
    this.#armed.push(fault);
    return { ...fault };
  }

  /** The first armed fault that fits this call; it is used up by one. Those that stay for ever come last. */
  take(where: Where, facts: Facts): Fault | null {
    const passing = this.#armed.filter(({ times }) => times !== null);
    const lasting = this.#armed.filter(({ times }) => times === null);
    for (const fault of [...passing, ...lasting]) {
      if (fault.where !== where || !fits(fault.match, facts)) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      if (fault.times !== null) fault.times -= 1;
      this.#armed = this.#armed.filter(({ times }) => times === null || times > 0);
      return { ...fault };
    }
    return null;
  }

  list(): Fault[] {
    return this.#armed.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#armed = [];
  }
}

function matchOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw new BadRequest('match must be an object of names and values.');
  return Object.fromEntries(Object.entries(value).map(([name, wanted]) => [name, String(wanted).toLowerCase()]));
}

function runOf(value: unknown): Fault['run'] {
  const { cmdlet, parameters = {} }: { cmdlet?: unknown; parameters?: unknown } = Object(value);
  if (typeof cmdlet === 'string' && typeof parameters === 'object' && parameters !== null) {
    return { cmdlet, parameters: { ...parameters } };
  }
  throw new BadRequest('run must be { cmdlet, parameters }: what the colleague does.');
}

function amount(input: Readonly<Record<string, unknown>>, name: string, usual: number): number {
  const value = input[name] ?? usual;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new BadRequest(`${name} must be a number that is not negative.`);
  }
  return value;
}

function fits(match: Readonly<Record<string, string>>, facts: Facts): boolean {
  return Object.entries(match).every(([name, wanted]) => {
    const known = facts[name] ?? [];
    return [known].flat().some((fact) => fact.toLowerCase() === wanted);
  });
}
