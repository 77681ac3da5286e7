import type { Gate } from './gate.ts';
import type { FreshPlan } from './plan-again.ts';
import type { ProvisioningRequest } from './request.ts';
import { confirmCall } from './transitions/confirm-call.ts';

/** Real milliseconds for which a plan is kept once it is made. */
const KEPT_MS = 5000;

interface Ahead {
  /** Undefined: it could not be made. */
  readonly plan: Promise<FreshPlan | undefined>;
  /** Real milliseconds; null while it is being made. */
  madeAt: number | null;
}

/**
 * Plans that are made again as soon as an approval is stored, while the durable run that needs them is still on its way:
 * what takes long is reading the tenant. They live in this process only; a run that finds none here makes its plan itself,
 * also when making this one failed.
 */
export class PlansAhead {
  readonly #begun = new Map<string, Ahead>();
  readonly #make: (request: ProvisioningRequest) => Promise<FreshPlan | undefined>;
  readonly #now: () => number;

  /**
   * `make` reads the tenant anew, once: whoever comes for the plan is the one to try again. `now`: real milliseconds.
   */
  constructor(
    make: (request: ProvisioningRequest) => Promise<FreshPlan | undefined>,
    now: () => number = () => performance.now(),
  ) {
    this.#make = make;
    this.#now = now;
  }

  /** The same gate; when what goes through it has a plan confirmed, that plan is begun at once. */
  watching(gate: Gate): Gate {
    return {
      submit: async (requestId, event, seen) => {
        const result = await gate.submit(requestId, event, seen);
        if (result.kind === 'moved') {
          const { id } = confirmCall(result.request);
          const isAsked = result.effects.some((effect) => effect.kind === 'start' && effect.call.id === id);
          if (isAsked) this.#begin(id, result.request);
        }
        return result;
      },
    };
  }

  /** The plan for a run, once; undefined when none was begun here lately, or it could not be made. */
  async take(runId: string): Promise<FreshPlan | undefined> {
    this.#forgetOld();
    const ahead = this.#begun.get(runId);
    this.#begun.delete(runId);
    return ahead?.plan;
  }

  #begin(runId: string, request: ProvisioningRequest): void {
    this.#forgetOld();
    const made = (async () => this.#make(request))().catch(() => undefined);
    const ahead: Ahead = {
      madeAt: null,
      plan: made.finally(() => {
        ahead.madeAt = this.#now();
      }),
    };
    this.#begun.set(runId, ahead);
  }

  #forgetOld(): void {
    const oldest = this.#now() - KEPT_MS;
    for (const [runId, { madeAt }] of this.#begun) {
      if (madeAt !== null && madeAt < oldest) this.#begun.delete(runId);
    }
  }
}
