import type { Gate } from './gate.ts';
import type { FreshPlan } from './plan-again.ts';
import type { ProvisioningRequest } from './request.ts';
import { confirmCall } from './transitions/confirm-call.ts';

/** Real milliseconds after which a plan that was begun ahead is not taken any more. */
const KEPT_MS = 5000;

/** Undefined: there is nobody who could make it. */
type Ahead = FreshPlan | undefined;

/**
 * Plans that are made again as soon as an approval is stored, while the durable run that needs them is still on its way:
 * what takes long is reading the tenant. They live in this process only; a run that finds none here makes its plan itself.
 */
export class PlansAhead {
  readonly #begun = new Map<string, { readonly begunAt: number; readonly plan: Promise<Ahead> }>();
  readonly #make: (request: ProvisioningRequest) => Promise<Ahead>;
  readonly #now: () => number;

  /** `make` reads the tenant anew; `now`: real milliseconds. */
  constructor(make: (request: ProvisioningRequest) => Promise<Ahead>, now: () => number = () => performance.now()) {
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

  /** The plan for a run, once; undefined when none was begun here lately. Throws what making it throws. */
  async take(runId: string): Promise<Ahead> {
    this.#forgetOld();
    const ahead = this.#begun.get(runId);
    this.#begun.delete(runId);
    return ahead?.plan;
  }

  #begin(runId: string, request: ProvisioningRequest): void {
    this.#forgetOld();
    const plan = (async () => this.#make(request))();
    // Whoever takes it hears of it.
    plan.catch(() => undefined);
    this.#begun.set(runId, { begunAt: this.#now(), plan });
  }

  #forgetOld(): void {
    const oldest = this.#now() - KEPT_MS;
    for (const [runId, { begunAt }] of this.#begun) if (begunAt < oldest) this.#begun.delete(runId);
  }
}
