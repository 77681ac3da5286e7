import { confirm } from './confirming.ts';
import type { DurableFunction } from './durable.ts';
import { planAgain, unknownWorkflow } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestEvent } from './request-event.ts';
import type { RunServices } from './run-services.ts';
import { requestIdOf } from './transitions/run-call.ts';

/** Makes the first plan of a request. */
export function planFunction<World extends PlanningWorld>(services: RunServices<World>): DurableFunction {
  return onRequest('plan-request@1', 'planning', services, async (request) =>
    services.gate.submit(request.id, await firstPlan(services, request)),
  );
}

/** Confirms what was approved: see `confirm`. */
export function confirmFunction<World extends PlanningWorld>(services: RunServices<World>): DurableFunction {
  return onRequest('confirm-request@1', 'confirming', services, (request) => confirm(services, request));
}

async function firstPlan<World extends PlanningWorld>(
  services: RunServices<World>,
  request: ProvisioningRequest,
): Promise<RequestEvent> {
  const workflow = services.find(request.workflow);
  const planned = workflow ? await planAgain(workflow, services, request, 'new') : unknownWorkflow(request);
  // Whoever has just asked is there to ask again, also when it is only unclear.
  if (planned.kind !== 'plan') return { type: 'plan-refused', outcome: planned.outcome };
  const { plan, behind, meanwhile } = planned;
  return { type: 'planned', plan, behind, meanwhile };
}

/** A function of one stored step, which does nothing once the request is no longer in this state. */
function onRequest<World>(
  name: string,
  state: ProvisioningRequest['state'],
  { store }: RunServices<World>,
  work: (request: ProvisioningRequest) => Promise<unknown>,
): DurableFunction {
  return {
    name,
    run: async (durable, input) => {
      await durable.step('plan', async () => {
        const request = await store.get(requestIdOf(input));
        if (request?.state !== state) return false;
        await work(request);
        return true;
      });
    },
  };
}
