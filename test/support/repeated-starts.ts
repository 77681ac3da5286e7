import type { DurableCall } from '../../src/core/durable.ts';
import { OpsError } from '../../src/core/errors.ts';
import { type StartServices, startRun } from '../../src/core/start-run.ts';

/** Starts runs as the outbox does: a start whose function is missing is tried again, as often as it takes. */
export class RepeatedStarts {
  /** Every attempt that found no function. */
  misses = 0;
  /** Called after each of them: another process may have its turn. */
  onMiss: (misses: number) => unknown = () => undefined;

  async start(services: StartServices, call: DurableCall): Promise<void> {
    for (let attempts = 0; ; attempts += 1) {
      try {
        return await startRun(services, call, attempts);
      } catch (error) {
        if (!(error instanceof OpsError && error.code === 'missing-function') || attempts === 100) throw error;
        this.misses += 1;
        await this.onMiss(this.misses);
      }
    }
  }
}
