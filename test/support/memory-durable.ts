import { MissingFunctionError } from '../../src/adapters/durable/refuse-unknown-functions.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { DurableCall, DurableEngine, DurableFunction, DurableRun } from '../../src/core/durable.ts';
import type { Json } from '../../src/core/json.ts';
import { copied } from './copied.ts';

/** One stored result: the name of the step and the text it is stored as. */
export interface StoredResult {
  readonly name: string;
  readonly result: string;
}

/** Everything the engine would have in its database about one run. */
interface StoredRun {
  readonly call: DurableCall;
  /** Results in order; each as the text it is stored as. */
  readonly journal: StoredResult[];
  readonly inbox: { readonly topic: string; readonly message: Json; readonly key: string; taken: boolean }[];
  /** `parked`: it waits for a message, and the deadline is so far that nobody here waits for it. */
  state: 'waiting' | 'parked' | 'ended' | 'broken';
}

/** Waits with a later deadline end by a message only: whoever waits for a person may wait for days. */
const longestWaitMs = 6 * 3_600_000;

/** Lets a process die at a chosen moment: whoever reaches it never comes back, as after SIGKILL. */
export class Mortality {
  /** Names of all moments that were passed. */
  readonly passed: string[] = [];
  #deadline = Number.POSITIVE_INFINITY;
  #death = Promise.withResolvers<'dead'>();

  /** The process dies at the n-th moment from now; 0 is the very next one. */
  dieIn(moments: number): void {
    this.#deadline = this.passed.length + moments;
  }

  /** Every place where the process could be killed. */
  readonly moment = (name: string): Promise<void> => {
    this.passed.push(name);
    if (this.passed.length - 1 !== this.#deadline) return Promise.resolve();
    this.#death.resolve('dead');
    return new Promise(() => undefined);
  };

  /** Does work until it ends or the process dies. */
  survive(work: Promise<void>): Promise<'dead' | 'alive'> {
    return Promise.race([work.then(() => 'alive' as const), this.#death.promise]);
  }

  /** A new process. */
  revive(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#death = Promise.withResolvers();
  }
}

/** A durable engine in memory: results are stored in order and given back when a run starts again. */
export class MemoryDurable implements DurableEngine {
  #functions: ReadonlyMap<string, DurableFunction>;
  readonly #clock: Clock;
  readonly #moment: Mortality['moment'];
  readonly #runs = new Map<string, StoredRun>();
  /** Called before each wait for a message; what it sends is received by this very wait. */
  onWait: (topic: string, until: Date) => Promise<void> = () => Promise.resolve();
  /** Lets even the longest waits end at their deadline. */
  impatient = false;
  /** Called before each step that has no stored result. */
  onStep: (name: string) => Promise<void> = () => Promise.resolve();

  constructor(functions: readonly DurableFunction[], clock: Clock, moment: Mortality['moment']) {
    this.#functions = new Map(functions.map((each) => [each.name, each]));
    this.#clock = clock;
    this.#moment = moment;
  }

  /** Another program goes on with what is stored. */
  upgrade(functions: readonly DurableFunction[]): void {
    this.#functions = new Map(functions.map((each) => [each.name, each]));
  }

  async start(call: DurableCall): Promise<void> {
    await Promise.resolve();
    if (this.#runs.has(call.id)) return;
    if (!this.#functions.has(call.function)) {
      throw new MissingFunctionError(`no function ${call.function}`, { operation: 'start', next: '' });
    }
    this.#runs.set(call.id, { call, journal: [], inbox: [], state: 'waiting' });
  }

  async send(runId: string, topic: string, message: Json, key: string): Promise<void> {
    await Promise.resolve();
    const run = this.#runs.get(runId);
    if (!run || run.inbox.some((letter) => letter.key === key)) return;
    run.inbox.push({ topic, message, key, taken: false });
    if (run.state === 'parked') run.state = 'waiting';
  }

  /** Carries on one run that has not ended, from its beginning. False when there is none. */
  async carryOn(): Promise<boolean> {
    const run = [...this.#runs.values()].find(({ state }) => state === 'waiting');
    if (!run) return false;
    const durable = this.#functions.get(run.call.function);
    if (!durable) throw new Error(`no function ${run.call.function}`);
    try {
      const parked = Promise.withResolvers<'parked'>();
      const ended = durable.run(this.#replay(run, parked.resolve), run.call.input).then(() => 'ended' as const);
      run.state = await Promise.race([ended, parked.promise]);
    } catch (error) {
      run.state = 'broken';
      throw error;
    }
    return true;
  }

  /** Lets broken runs go on, as the engine does with a run whose step could not be stored. */
  resume(): void {
    for (const run of this.#runs.values()) if (run.state === 'broken') run.state = 'waiting';
  }

  /** Runs that wait for a message and for nothing else. */
  parked(): string[] {
    return [...this.#runs.values()].filter(({ state }) => state === 'parked').map(({ call }) => call.id);
  }

  /** Lets parked runs look whether their wait has ended. */
  wake(): void {
    for (const run of this.#runs.values()) if (run.state === 'parked') run.state = 'waiting';
  }

  /** Names of the results that are stored of a run. */
  storedOf(runId: string): string[] {
    return (this.#runs.get(runId)?.journal ?? []).map(({ name }) => name);
  }

  /** What is stored of a run, in order: its history. */
  historyOf(runId: string): readonly StoredResult[] {
    return copied(this.#runs.get(runId)?.journal ?? []);
  }

  /** Makes a run that has ended start again without its stored results, as a late worker would. */
  forget(runId: string): void {
    const run = this.#runs.get(runId);
    if (!run) throw new Error(`no run ${runId}`);
    run.journal.length = 0;
    run.state = 'waiting';
  }

  #replay(run: StoredRun, park: (state: 'parked') => void): DurableRun {
    let position = 0;
    const stored = async <Result extends Json>(
      name: string,
      work: () => Promise<Result>,
      onStored: (result: Result) => void = () => undefined,
    ): Promise<Result> => {
      const known = run.journal[position];
      position += 1;
      if (known && known.name !== name)
        throw new Error(`replay of ${run.call.id}: ${name} where ${known.name} is stored`);
      if (known) return JSON.parse(known.result) as Result;
      await this.#moment(`before ${name}`);
      const result = await work();
      await this.#moment(`unstored ${name}`);
      run.journal.push({ name, result: JSON.stringify(result) });
      onStored(result);
      await this.#moment(`after ${name}`);
      return JSON.parse(JSON.stringify(result)) as Result;
    };
    return {
      id: run.call.id,
      step: (name, work) =>
        stored(name, async () => {
          await this.onStep(name);
          return work();
        }),
      stillOurs: () => Promise.resolve(),
      receive: (topic, until) => {
        const take = () => run.inbox.find((letter) => letter.topic === topic && !letter.taken);
        return stored(
          `receive ${topic}`,
          async () => {
            await this.onWait(topic, until);
            if (!take() && until.getTime() - this.#clock.now().getTime() > longestWaitMs && !this.impatient) {
              park('parked');
              await new Promise(() => undefined);
            }
            if (!take()) await this.#clock.until(until);
            return take()?.message ?? null;
          },
          () => {
            const letter = take();
            if (letter) letter.taken = true;
          },
        );
      },
    };
  }
}
