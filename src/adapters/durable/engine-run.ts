import { setTimeout as pause } from 'node:timers/promises';
import { DBOS, Error as EngineErrors } from '@dbos-inc/dbos-sdk';
import type { DurableFunction, DurableRun } from '../../core/durable.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { StoreUnavailableError } from '../../core/store.ts';
import { TakenOverError } from '../../core/taken-over.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Brake } from './brake.ts';
import { ownershipOf } from './engine-internals.ts';
import type { ExecutorLease } from './executor-lease.ts';
import type { Letter } from './letter.ts';
import type { LiveRuns } from './live-runs.ts';
import { StepError, type StoredFailure, storedFailure } from './step-error.ts';
import type { Timers } from './timers.ts';

type StepOutcome<Result> = { readonly result: Result } | { readonly failure: StoredFailure };

// Deadlines are ours, by the product's clock; the engine's own must never come first.
const tenYearsInSeconds = 315_360_000;
const pollingIntervalMs = 1000;

/** What executions of this process share. */
export interface EngineRunParts {
  readonly timers: Timers;
  readonly brake: Brake;
  readonly live: LiveRuns;
  readonly lease: Pick<ExecutorLease, 'carries'>;
  readonly log: Logger;
}

/** One execution of a durable function in this process. Made inside the run. */
export class EngineRun implements DurableRun {
  readonly id: string;
  readonly #ownership: string;
  readonly #parts: EngineRunParts;
  readonly #timers: Timers;
  readonly #brake: Brake;
  readonly #log: Logger;
  #waits = 0;

  constructor(id: string, parts: EngineRunParts) {
    this.id = id;
    this.#ownership = ownershipOf(id);
    this.#parts = parts;
    this.#timers = parts.timers;
    this.#brake = parts.brake;
    this.#log = parts.log;
  }

  /** Runs the function. Until it ends or the engine refuses to go on with it, nobody needs to look after this run. */
  async carryOut(durable: DurableFunction, input: JsonObject): Promise<void> {
    const { live } = this.#parts;
    live.begins(this, this.id);
    try {
      await durable.run(this, input);
    } catch (error) {
      this.#log.error({ run: this.id, function: durable.name, err: error }, 'A durable function ended with an error');
      throw error;
    } finally {
      live.ends(this);
    }
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
    if (await this.#parts.lease.carries(this.id, this.#ownership)) return;
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
   * Calls the engine. When it refuses, this execution is over but the run is not: another one has taken it over, or this
   * process is stopping, or the database refused to store, or the stored history is not this function's. The function then never hears from us
   * again, because it would take an error for a failure and undo what somebody else is doing.
   */
  async #engine<Result>(call: () => Promise<Result>, inHand = true): Promise<Result> {
    if (this.#brake.pulled) return forever();
    try {
      return await (inHand ? this.#brake.during(call) : call());
    } catch (error) {
      this.#halt(error);
      return forever();
    }
  }

  #halt(error: unknown): void {
    if (this.#brake.pulled) return;
    if (error instanceof EngineErrors.DBOSUnexpectedStepError) {
      // Whoever takes it would end here again, so it stays where it is.
      this.#log.error({ run: this.id, err: error }, 'What is stored of this run is not how this program goes');
      return;
    }
    this.#parts.live.ends(this);
    if (error instanceof EngineErrors.DBOSWorkflowConflictError) {
      this.#log.info({ run: this.id }, 'Another execution goes on with this run');
    } else {
      this.#log.error({ run: this.id, err: error }, 'The engine cannot go on with this run here; it is begun again');
    }
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
