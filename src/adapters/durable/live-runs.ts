/** The executions in this process that can still go on by themselves. */
export class LiveRuns {
  readonly #live = new Map<object, string>();

  begins(execution: object, runId: string): void {
    this.#live.set(execution, runId);
  }

  ends(execution: object): void {
    this.#live.delete(execution);
  }

  get ids(): readonly string[] {
    return [...this.#live.values()];
  }
}
