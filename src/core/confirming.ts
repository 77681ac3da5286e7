import type { Gate } from './gate.ts';
import { type FreshPlan, planAgain, unknownWorkflow } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestEvent, Transition } from './request-event.ts';
import type { RunServices } from './run-services.ts';
import { confirmCall } from './transitions/confirm-call.ts';

/**
 * The confirmations that are under way in this process. Up to three come for each: the click that made it necessary, its
 * durable function, and the run that waits for it. Whoever is first makes it, the others wait for the same one.
 */
export class Confirmations {
  readonly #underWay = new Map<string, Promise<Transition>>();

  /** `make` is called unless the confirmation of this id is under way; what it throws is thrown to all who wait. */
  once(id: string, make: () => Promise<Transition>): Promise<Transition> {
    const known = this.#underWay.get(id);
    if (known) return known;
    const made = make().finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, made);
    return made;
  }
}

/**
 * After an approval: plans again from reads that are asked for later than that, and tells the gate, which lets the
 * approval count only if the digest is still the same. Gives what the gate made of it. Throws `StoreUnavailableError`.
 */
export function confirm<World extends PlanningWorld>(
  services: RunServices<World>,
  request: ProvisioningRequest,
): Promise<Transition> {
  return services.confirmations.once(confirmCall(request).id, async () => {
    // The present version plans, also where the run is of an earlier one: what that planned is then asked for again.
    const workflow = services.find(request.workflow);
    const planned = workflow ? await planAgain(workflow, services, request, 'new') : unknownWorkflow(request);
    return services.gate.submit(request.id, confirmationOf(planned, request), request);
  });
}

function confirmationOf(planned: FreshPlan, { plan: approved, planVersion }: ProvisioningRequest): RequestEvent {
  if (planned.kind !== 'plan') {
    // What was approved waits until somebody can tell.
    const type = planned.kind === 'unclear' ? 'start-unclear' : 'plan-refused';
    return { type, outcome: planned.outcome, planVersion };
  }
  const { plan, behind, meanwhile } = planned;
  const type = plan.digest === approved?.digest ? 'confirmed' : 'superseded';
  return { type, plan, behind, meanwhile, planVersion };
}

/**
 * The same gate. When an approval goes through it that has to be confirmed, `begin` is called as soon as it is stored,
 * and nobody waits for it here: the durable functions that were stored with the approval come for it, or make it again.
 */
export function confirmingAtOnce(gate: Gate, begin: (request: ProvisioningRequest) => Promise<unknown>): Gate {
  return {
    submit: async (requestId, event, seen) => {
      const result = await gate.submit(requestId, event, seen);
      if (result.kind === 'moved') {
        const { id } = confirmCall(result.request);
        const isAskedFor = result.effects.some((effect) => effect.kind === 'start' && effect.call.id === id);
        if (isAskedFor) begin(result.request).catch(() => undefined);
      }
      return result;
    },
  };
}
