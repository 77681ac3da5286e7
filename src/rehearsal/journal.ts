export type Where = 'exchange' | 'compliance' | 'graph' | 'entra' | 'teams' | 'dns' | 'smtp';

/** One call the simulated cloud received. */
export interface JournalEntry {
  readonly seq: number;
  /** Real time, ISO. */
  readonly at: string;
  /** Virtual time, ISO. */
  readonly atVirtual: string;
  readonly where: Where;
  /** Guid of the tenant the call was addressed to. */
  readonly tenant?: string;
  readonly tenantName?: string;
  /** The `tid` of the token that came with it; must equal `tenant`. */
  readonly tenantOfToken?: string;
  readonly cmdlet?: string;
  readonly parameters?: unknown;
  /** `ok`, an error code, or the kind of the fault that was played. */
  readonly outcome: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly [detail: string]: unknown;
}

export type JournalFacts = Omit<JournalEntry, 'seq' | 'at' | 'atVirtual'> & {
  where: Where;
  outcome: string;
};

const LIMIT = 50_000;

/** Append-only record of every call; the oldest entries go when there are too many. */
export class Journal {
  #entries: JournalEntry[] = [];
  #seq = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(facts: JournalFacts): JournalEntry {
    this.#seq += 1;
    const entry = {
      ...facts,
      seq: this.#seq,
      at: new Date().toISOString(),
      atVirtual: new Date(this.#now()).toISOString(),
    };
    this.#entries.push(entry);
    if (this.#entries.length > LIMIT) this.#entries = this.#entries.slice(-LIMIT / 2);
    return entry;
  }

  /** Entries after `since` (a sequence number), newest last. */
  list(filter: { since?: number; where?: string; tenant?: string; cmdlet?: string } = {}): JournalEntry[] {
    const { since = 0, where, tenant, cmdlet } = filter;
    return this.#entries.filter(
      (entry) =>
        entry.seq > since &&
        (where === undefined || entry.where === where) &&
        (tenant === undefined || entry.tenant === tenant || entry.tenantName === tenant) &&
        (cmdlet === undefined || entry.cmdlet?.toLowerCase() === cmdlet.toLowerCase()),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
