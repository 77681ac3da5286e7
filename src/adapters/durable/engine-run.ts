import { setTimeout as pause } from 'node:timers/promises';
import { DBOS, Error as EngineErrors } from '@dbos-inc/dbos-sdk';
import type { DurableRun } from '../../core/durable.ts';
import type { Json } from '../../core/json.ts';
import { StoreUnavailableError } from '../../core/store.ts';
import { TakenOverError } from '../../core/taken-over.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Brake } from './brake.ts';
import type { Letter } from './letter.ts';
import { StepError, type StoredFailure, storedFailure } from './step-error.ts';
import type { Timers } from './timers.ts';

type StepOutcome<Result> = { readonly result: Result } | { readonly failure: StoredFailure };

// Deadlines are ours, by the product's clock; the engine's own must never come first.
const tenYearsInSeconds = 315_360_000;
const pollingIntervalMs = 1000;

/** One execution of a durable function in this process. */
export class EngineRun implements DurableRun {
  readonly id: string;
  readonly #timers: Timers;
  readonly #brake: Brake;
  readonly #isOwner: (runId: string) => Promise<boolean>;
  readonly #log: Logger;
  #waits = 0;

  constructor(id: string, timers: Timers, brake: Brake, isOwner: (runId: string) => Promise<boolean>, log: Logger) {
    this.id = id;
    this.#isOwner = isOwner;
    this.#timers = timers;
    this.#brake = brake;
    this.#log = log;
  }

  step = async <Result extends Json>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const outcome = await this.#engine(() => DBOS.runStep(() => this.#attempt(name, work), { name }));
    if ('failure' in outcome) throw new StepError(outcome.failure);
    return outcome.result;
  };

  receive = async (topic: string, until: Date): Promise<Json | null> => {
    this.#waits += 1;
    const wait = this.#waits;
    const timer = { runId: this.id, wait, topic, dueAt: until };
    await this.step(`wait for ${topic}`, async () => {
      await this.#timers.set(timer);
      return null;
    });
    for (;;) {
      const letter = await this.#engine(
        () => DBOS.recv<Letter>(topic, { timeoutSeconds: tenYearsInSeconds, pollingIntervalMs }),
        false,
      );
      if (letter?.kind === 'message') {
        this.#timers
          .drop(this.id, wait)
          .catch((error: unknown) => this.#log.debug({ err: error }, 'A deadline was left behind'));
        return letter.message;
      }
      // Deadlines of earlier waits that a message had ended are passed over.
      if (letter?.kind === 'deadline' && letter.wait === wait) return null;
    }
  };

  stillOurs = async (): Promise<void> => {
    if (await this.#isOwner(this.id)) return;
    this.#log.warn({ run: this.id }, 'Another process has taken this run over; nothing more is done here');
    throw new TakenOverError('Another process has taken this run over.', {
      operation: `write in ${this.id}`,
      next: 'Nothing needs to be done: the other process goes on with it.',
    });
  };

  /** Errors of work become data, so that whatever the engine itself throws is known to be the engine's. */
  async #attempt<Result extends Json>(name: string, work: () => Promise<Result>): Promise<StepOutcome<Result>> {
    for (;;) {
      try {
        return { result: await work() };
      } catch (error) {
        // Without the database nothing can be stored, not even that this failed: it is no outcome, so wait for it.
        if (!(error instanceof StoreUnavailableError)) {
          this.#log.warn({ run: this.id, step: name, err: error }, 'A step threw');
          return { failure: storedFailure(error, name) };
        }
        if (this.#brake.pulled) throw error;
        await pause(500);
      }
    }
  }

  /**
   * Calls the engine. When it refuses, this execution is over but the run is not: another process has taken it over,
   * or this one is stopping, or the stored history is not this function's. The function then never hears from us
   * again, because it would take an error for a failure and undo what somebody else is doing.
   */
  async #engine<Result>(call: () => Promise<Result>, inHand = true): Promise<Result> {
    if (this.#brake.pulled) return forever();
    try {
      return await (inHand ? this.#brake.during(call) : call());
    } catch (error) {
      this.#reportHalt(error);
      return forever();
    }
  }

  #reportHalt(error: unknown): void {
    if (this.#brake.pulled) return;
    if (error instanceof EngineErrors.DBOSWorkflowConflictError) {
      this.#log.info({ run: this.id }, 'Another process goes on with this run');
    } else {
      this.#log.error(
        { run: this.id, err: error },
        'The engine cannot go on with this run; it is held until the next start',
      );
    }
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
