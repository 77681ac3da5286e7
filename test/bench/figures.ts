import { writeFile } from 'node:fs/promises';

/** What was measured: named figures, in the order they came, and in words what could not be measured or how it was. */
export class Figures {
  readonly #values = new Map<string, number>();
  readonly #notes: string[] = [];
  #incomplete = false;

  /** True when a part could not be measured. */
  get incomplete(): boolean {
    return this.#incomplete;
  }

  /** The name says the unit. Three significant digits are kept below 100, whole numbers above. */
  set(name: string, value: number): void {
    this.#values.set(name, Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** Measures one part. When it fails, its figures stay absent and the notes say why. */
  async part(name: string, measure: () => Promise<void>): Promise<void> {
    process.stderr.write(`measuring ${name} …\n`);
    try {
      await measure();
    } catch (error) {
      this.#incomplete = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.note(`NOT MEASURED: ${name} (or what was left of it): ${reason}`);
    }
  }

  table(): string {
    const rows = [...this.#values].map(([name, value]) => [name, String(value)] as const);
    const widths = [
      Math.max(6, ...rows.map(([name]) => name.length)),
      Math.max(5, ...rows.map(([, text]) => text.length)),
    ];
    const line = ([name, text]: readonly [string, string]): string =>
      `${name.padEnd(widths[0] ?? 0)}  ${text.padStart(widths[1] ?? 0)}`;
    const body = [line(['figure', 'value']), '-'.repeat((widths[0] ?? 0) + 2 + (widths[1] ?? 0)), ...rows.map(line)];
    return `${[...body, '', ...this.#notes.map((note) => `- ${note}`)].join('\n')}\n`;
  }

  async write(file: string): Promise<void> {
    await writeFile(file, `${JSON.stringify(Object.fromEntries(this.#values), null, 2)}\n`);
  }
}
