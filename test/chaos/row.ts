/** One line of the table: what was done to the bot, how often, and what was found wrong afterwards. */
export interface Row {
  readonly fault: string;
  /** How often the fault happened. */
  readonly runs: number;
  readonly violations: number;
  readonly seconds: number;
  /** Messages shown twice, because a process died between sending one and hearing that it was shown. */
  readonly repeated: number;
  /** Slowest return to an open run after a death, in seconds; null where nothing died. */
  readonly resume_s: number | null;
  /** The first findings, in words. */
  readonly details: readonly string[];
}

/** Says how far it is after so many runs. */
const tellEvery = 20;

/** Collects what the rounds of one fault find. */
export class Tally {
  /** Those whose fault is not over. */
  static readonly #open = new Set<Tally>();
  readonly #fault: string;
  readonly #began = performance.now();
  readonly #violations: string[] = [];
  #runs = 0;
  repeated = 0;
  resumeMs: number | null = null;

  constructor(fault: string) {
    this.#fault = fault;
    Tally.#open.add(this);
  }

  /** Ends the faults that are not over, because one of them could not go on; that is a finding too. */
  static brokenOff(reason: string): readonly Row[] {
    return [...Tally.#open].map((tally) => {
      tally.found([reason]);
      return tally.row();
    });
  }

  /** What is known so far of the faults that are not over. */
  static partialRows(): readonly Row[] {
    return [...Tally.#open].map((tally) => {
      const row = tally.#row();
      return { ...row, fault: `${row.fault}, interrupted` };
    });
  }

  get runs(): number {
    return this.#runs;
  }

  /** The fault has happened. */
  ran(times = 1): void {
    const before = Math.floor(this.#runs / tellEvery);
    this.#runs += times;
    if (Math.floor(this.#runs / tellEvery) > before) process.stderr.write(`${this.#fault}: ${this.#progress()}\n`);
  }

  found(violations: readonly string[]): void {
    this.#violations.push(...violations);
    for (const violation of violations) process.stderr.write(`${this.#fault}: ${violation}\n`);
  }

  resumed(milliseconds: number): void {
    this.resumeMs = Math.max(this.resumeMs ?? 0, milliseconds);
  }

  /** The fault is over. */
  row(): Row {
    Tally.#open.delete(this);
    return this.#row();
  }

  #progress(): string {
    const { violations, seconds, resume_s } = this.#row();
    const resume = resume_s === null ? '' : `, slowest resume ${resume_s} s`;
    return `${this.#runs} runs, ${violations} violations, ${seconds} s${resume}`;
  }

  #row(): Row {
    return {
      fault: this.#fault,
      runs: this.#runs,
      violations: this.#violations.length,
      seconds: Math.round((performance.now() - this.#began) / 100) / 10,
      repeated: this.repeated,
      resume_s: this.resumeMs === null ? null : Math.round(this.resumeMs / 100) / 10,
      details: this.#violations.slice(0, 20),
    };
  }
}

/** The table as text. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['fault', 'runs', 'violations', 'seconds', 'repeated messages', 'slowest resume (s)'];
  const lines = rows.map((row) => [
    row.fault,
    String(row.runs),
    String(row.violations),
    row.seconds.toFixed(1),
    String(row.repeated),
    row.resume_s === null ? '–' : row.resume_s.toFixed(1),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const show = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [show(head), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(show)].join('\n');
}
