import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type EffectHandler, type Outbox, UnfinishedError } from '../../core/store.ts';
import type { Logger } from '../../telemetry/log.ts';
import { claimEffect } from './claim-effect.ts';
import { type Lane, lanes } from './effect-lane.ts';
import { OutboxListener } from './outbox-listener.ts';
import { isConnectionFault } from './session.ts';

/** How often an idle worker looks for itself, in case a wake-up got lost. */
const pollMs = 1000;
const tidyMs = 3_600_000;
const removeOld = `delete from switchyard.outbox where done_at < now() - interval '7 days'`;
/**
 * A woken worker of these lanes waits this long before it looks. A request that has just been decided passes several
 * states in a row: one card shows the last of them, and is drawn while Exchange is asked, not before it is.
 */
const gatherMs: Readonly<Record<Lane, number>> = { engine: 0, chat: 75, aside: 75 };
const workersPerLane: Readonly<Record<Lane, number>> = { engine: 2, chat: 4, aside: 1 };

/**
 * The outbox in PostgreSQL. A worker holds the row lock of its effect while the handler runs: no other process can
 * take the effect, and when this one dies the lock goes with its connection and the effect is due again at once.
 */
export class PostgresOutbox implements Outbox {
  readonly #pool: pg.Pool;
  readonly #url: string;
  readonly #log: Logger;

  /** `url` is for the connection that listens for wake-ups; the pool carries everything else. */
  constructor(pool: pg.Pool, url: string, log: Logger) {
    this.#pool = pool;
    this.#url = url;
    this.#log = log;
  }

  /** Works until the signal aborts; then finishes the effects that are in hand. */
  async drain(handle: EffectHandler, signal: AbortSignal): Promise<void> {
    const listener = new OutboxListener(this.#url, this.#log);
    const listening = listener.run(signal);
    const workers = lanes.flatMap((lane) =>
      Array.from({ length: workersPerLane[lane] }, () => this.#work(lane, handle, listener, signal)),
    );
    await Promise.all([listening, this.#tidy(signal), ...workers]);
  }

  async #tidy(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pool.query(removeOld).catch((error: unknown) => this.#report(error));
      await pause(tidyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #work(lane: Lane, handle: EffectHandler, listener: OutboxListener, signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        const worked = await this.#handleOne(lane, handle, listener);
        if (worked) continue;
        await listener.wait(lane, pollMs, signal);
        if (gatherMs[lane] > 0) await pause(gatherMs[lane], undefined, { signal }).catch(() => undefined);
      } catch (error) {
        this.#report(error);
        await pause(500, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Carries out one due effect; false when there is none. */
  async #handleOne(lane: Lane, handle: EffectHandler, listener: OutboxListener): Promise<boolean> {
    const claim = await claimEffect(this.#pool, lane);
    if (claim === null) return false;
    // Where one effect was found there may be more, of other requests.
    listener.wakeOne(lane);
    const failure = await outcomeOf(() => handle(claim.effect, claim.attempts));
    if (failure === null) await claim.settle();
    else {
      this.#log.warn(
        { lane, kind: claim.effect.kind, attempts: claim.attempts, err: failure },
        'An effect failed and will be tried again',
      );
      await (failure instanceof UnfinishedError ? claim.setAside(failure.message) : claim.postpone(failure.message));
    }
    return true;
  }

  #report(error: unknown): void {
    if (isConnectionFault(error)) this.#log.warn({ reason: String(error) }, 'The outbox waits for the database');
    else this.#log.error({ err: error }, 'The outbox could not be read');
  }
}

async function outcomeOf(work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
