import type { ReadAge, RunWorlds } from '../../core/run-services.ts';
import { unlessTakenOver } from '../../core/taken-over.ts';
import type { World } from '../../ports/world.ts';
import { RecentReads } from './recent-reads.ts';
import { recentWorld } from './recent-world.ts';

const NEVER = Number.POSITIVE_INFINITY;

const neverWrites = (): Promise<never> => Promise.reject(new Error('Planning never writes.'));

/** Makes the worlds of plans and runs, which tell each other within one process what they just read of a tenant. */
export class Worlds {
  readonly #now: (() => number) | undefined;
  readonly #tenants = new Map<string, RecentReads>();

  /** `now`: real milliseconds. */
  constructor(now?: () => number) {
    this.#now = now;
  }

  /** For one planning: one picture, asked for from now on or, if `recent`, a moment ago. It cannot write. */
  forPlanning(world: World, age: ReadAge): World {
    const reads = this.#readsOf(world);
    const since = age === 'recent' ? reads.recently : reads.now;
    const exchange = {
      ...recentWorld(world, reads, () => since).exchange,
      invoke: neverWrites,
      restore: neverWrites,
    };
    return { ...recentWorld(world, reads, () => since), exchange };
  }

  /**
   * For one run. Immediately before each write is sent, `stillOurs` is asked: in a process that was declared dead and
   * wakes up late it refuses, so that nothing is written beside whoever took the run over. The write then never settles.
   */
  forRun(world: World, stillOurs: () => Promise<void>): RunWorlds<World> {
    const reads = this.#readsOf(world);
    const { exchange } = world;
    const fenced: World = {
      ...world,
      exchange: {
        tenantId: exchange.tenantId,
        get: (cmdlet, identity, signal) => exchange.get(cmdlet, identity, signal),
        list: (cmdlet, signal) => exchange.list(cmdlet, signal),
        lists: (cmdlets, signal) => exchange.lists(cmdlets, signal),
        ask: (cmdlet, parameters, signal) => exchange.ask(cmdlet, parameters, signal),
        invoke: (call, signal) => unlessTakenOver(exchange.invoke(call, signal, stillOurs)),
        restore: (inverse, signal) => unlessTakenOver(exchange.restore(inverse, signal, stillOurs)),
        whyNotRestored: (inverse) => exchange.whyNotRestored(inverse),
      },
    };
    return {
      fresh: recentWorld(fenced, reads, () => NEVER),
      readingBack: (next) => recentWorld(fenced, reads, () => NEVER, next),
      recent: recentWorld(fenced, reads, () => reads.recently),
    };
  }

  #readsOf({ tenant }: World): RecentReads {
    const id = tenant.id.toLowerCase();
    const reads = this.#tenants.get(id) ?? new RecentReads(this.#now);
    this.#tenants.set(id, reads);
    return reads;
  }
}
