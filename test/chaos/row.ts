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

/** Collects what the rounds of one fault find. */
export class Tally {
  readonly #fault: string;
  readonly #began = performance.now();
  readonly #violations: string[] = [];
  runs = 0;
  repeated = 0;
  resumeMs: number | null = null;

  constructor(fault: string) {
    this.#fault = fault;
  }

  found(violations: readonly string[]): void {
    this.#violations.push(...violations);
    for (const violation of violations) process.stderr.write(`${this.#fault}: ${violation}\n`);
  }

  resumed(milliseconds: number): void {
    this.resumeMs = Math.max(this.resumeMs ?? 0, milliseconds);
  }

  row(): Row {
    return {
      fault: this.#fault,
      runs: this.runs,
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
