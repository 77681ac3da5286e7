import { plusSeconds } from './clock.ts';
import type { DurableRun } from './durable.ts';
import { describeError, StoppedError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { type Recorded, type RecordedError, recorded } from './recorded.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RunServices } from './run-services.ts';
import { remindSeconds } from './standstill.ts';
import { waitsForAPerson } from './waits-for-a-person.ts';

type CarefulServices = Pick<RunServices<never>, 'gate' | 'store' | 'clock' | 'onDefect'>;

/** How one piece of a run's work is treated. */
export interface Care {
  /** Whether an error that a person may do something about makes the run stand still, rather than end. */
  readonly waits: boolean;
  /** Whether it gives way to "stop and roll back"; taking back does not. */
  readonly stops: boolean;
  /** Whether the request says that the work began before this attempt; default: it does not say. */
  readonly isBegun?: (request: ProvisioningRequest | null) => boolean;
  /** Asked after each standstill, before the work is tried again: a reason not to. */
  readonly afterwards?: (soFar: SoFar) => Promise<RecordedError | null>;
}

/** What the attempts of one piece of work came to. */
interface SoFar {
  /**
   * Codes of the errors met; `asked` where a person wanted it to stand still, and `unseen` where what an attempt had
   * come to by then was not stored.
   */
  readonly met: readonly string[];
  /** Whether the work ever began. */
  readonly begun: boolean;
}

/**
 * One piece of work. It is given the request as it was read just now; null when there is none any more. `begins` says
 * that from here on there may be something to take back.
 */
type Task = (request: ProvisioningRequest | null, begins: () => void) => Promise<JsonObject>;

/** How work ended. `begun`: whether there may be something to take back. */
export type Worked = Recorded<JsonObject> & { readonly begun: boolean };

/** What people want of a run, and who. */
type Order = { readonly word: 'go' | 'pause' | 'stop'; readonly by: string };

/** One attempt, as it is stored. `begun` is left out where it is false. */
type Tried = (Recorded<JsonObject> | { readonly paused: string }) & { readonly begun?: boolean };

/**
 * Does the work of one run in stored steps and stands still before the next one while a person wants it to, or an error
 * makes it. While it stands still it is a row in the database and a wait in the engine. A person's wish is read from the
 * request; letters on the topic `operator` only wake the run.
 */
export class CarefulRun {
  readonly #services: CarefulServices;
  readonly #durable: DurableRun;
  readonly #requestId: string;
  #pauses = 0;

  constructor(services: CarefulServices, durable: DurableRun, requestId: string) {
    this.#services = services;
    this.#durable = durable;
    this.#requestId = requestId;
  }

  /** How often this run has stood still so far; part of the names of steps that are repeated because of it. */
  get pauses(): number {
    return this.#pauses;
  }

  /** One piece of work, stored under its name. It may be done again after a standstill, so it must be idempotent. */
  async work(name: string, task: Task, care: Care): Promise<Worked> {
    const met: string[] = [];
    let begun = false;
    for (let attempt = 1; ; attempt += 1) {
      const called = attempt === 1 ? name : `${name}, again ${attempt - 1}`;
      const tried: Tried = await this.#durable.step(called, () => this.#try(task, care));
      begun ||= tried.begun === true;
      if (!('paused' in tried)) return { ...(tried.ok ? tried : failed(tried.error, met)), begun };
      met.push(tried.paused);
      const stop = await this.standStill();
      const end = (care.stops ? stop : null) ?? (await care.afterwards?.({ met, begun })) ?? null;
      if (end) return { ...failed(end, met), begun };
    }
  }

  /** Looks at the request, as a letter asked for, and stands still as long as it says so; why the run has to end, or null. */
  async heed(name: string): Promise<RecordedError | null> {
    const order = await this.#durable.step(name, () => this.#order());
    return order.word === 'pause' ? this.standStill() : stopped(order);
  }

  /** Waits until nobody wants it to stand still any more; why the run has to end, or null. */
  async standStill(): Promise<RecordedError | null> {
    this.#pauses += 1;
    for (let look = 1; ; look += 1) {
      const until = plusSeconds(this.#services.clock.now(), remindSeconds);
      const letter = await this.#durable.receive('operator', until);
      const order = await this.#durable.step(`pause ${this.#pauses}: look ${look}`, async () => {
        if (letter === null) await this.#services.gate.submit(this.#requestId, { type: 'still-paused' });
        return this.#order();
      });
      if (order.word !== 'pause') return stopped(order);
    }
  }

  async #try(task: Task, { waits, isBegun }: Care): Promise<Tried> {
    const { gate, store, onDefect } = this.#services;
    const request = await store.get(this.#requestId);
    // A process may have ended in the middle of an attempt: nobody knows what it had sent, unless it said why it paused.
    const isUnseen = isBegun?.(request) === true;
    let mark: { begun?: true } = isUnseen ? { begun: true } : {};
    if ((await this.#orderIn(request)).word === 'pause') {
      return { paused: request?.pause?.code ?? (isUnseen ? 'unseen' : 'asked'), ...mark };
    }
    const begins = () => {
      mark = { begun: true };
    };
    const outcome = await recorded(() => task(request, begins), onDefect);
    if (outcome.ok || !waits || !waitsForAPerson(outcome.error.code)) return { ...outcome, ...mark };
    const waiting = await gate.submit(this.#requestId, { type: 'paused', error: outcome.error });
    if (waiting.kind === 'moved' || waiting.code === 'already') return { paused: outcome.error.code, ...mark };
    const stop = stopped(await this.#order());
    return { ...(stop ? failed(stop, [outcome.error.code]) : outcome), ...mark };
  }

  async #order(): Promise<Order> {
    return this.#orderIn(await this.#services.store.get(this.#requestId));
  }

  /** What people want of the run, going by its request. Says on the request that it stands still, when it has to. */
  async #orderIn(request: ProvisioningRequest | null): Promise<Order> {
    if (request?.pause) {
      const { by, since } = request.pause;
      if (since === null) await this.#services.gate.submit(this.#requestId, { type: 'paused', error: null });
      return { word: 'pause', by: by?.name ?? '' };
    }
    const by = request?.stopRequestedBy;
    return by ? { word: 'stop', by: by.name } : { word: 'go', by: '' };
  }
}

function stopped({ word, by }: Order): RecordedError | null {
  return word === 'stop' ? describeError(stopError(`${by} asked the run to stop.`)) : null;
}

/** Why a run ends that a person wants to be stopped. */
export function stopError(why: string): StoppedError {
  return new StoppedError(why, { operation: 'run', next: 'Make a new request when ready.' });
}

/** What was met on the way still counts: a write of unknown outcome stays doubtful whatever ended the run afterwards. */
function failed(error: RecordedError, met: readonly string[]): Recorded<JsonObject> {
  const all = [...met, ...(error['met'] ?? '').split(' ')].filter((code) => code !== '');
  return { ok: false, error: all.length === 0 ? error : { ...error, met: all.join(' ') } };
}
