import type { DurableFunction } from './durable.ts';
import type { Plan } from './plan.ts';
import type { Planning, PlanningWorld } from './planner.ts';
import type { Recorded } from './recorded.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestEvent } from './request-event.ts';
import { planAgain, type RunServices } from './run.ts';
import { requestIdOf } from './transitions/run-call.ts';
import type { Workflow } from './workflow.ts';

/** Finds the workflow a request names, or undefined when this program does not know it. */
export type FindWorkflow<World> = (name: string) => Workflow<World> | undefined;

/** Makes the first plan of a request. */
export function planFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  return planning('plan-request@1', 'planning', services, find, (plan) => ({ type: 'planned', plan }));
}

/** After an approval: plans again from fresh reads; the approval counts only if the digest is still the same. */
export function confirmFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  return planning('confirm-request@1', 'confirming', services, find, (plan, request) =>
    plan.digest === request.plan?.digest ? { type: 'confirmed', plan } : { type: 'superseded', plan },
  );
}

function planning<World extends PlanningWorld>(
  name: string,
  state: ProvisioningRequest['state'],
  services: RunServices<World>,
  find: FindWorkflow<World>,
  eventOf: (plan: Plan, request: ProvisioningRequest) => RequestEvent,
): DurableFunction {
  return {
    name,
    run: async (durable, input) => {
      await durable.step('plan', async () => {
        const request = await services.store.get(requestIdOf(input));
        const workflow = request && find(request.workflow);
        if (!request || !workflow || request.state !== state) return false;
        const planned = await planAgain(workflow, services, request);
        await services.gate.submit(request.id, eventFor(planned, request, eventOf));
        return true;
      });
    },
  };
}

function eventFor(
  planned: Recorded<Planning>,
  request: ProvisioningRequest,
  eventOf: (plan: Plan, request: ProvisioningRequest) => RequestEvent,
): RequestEvent {
  if (!planned.ok) return { type: 'plan-refused', outcome: { ...planned.error, left: [] } };
  const { value } = planned;
  return value.kind === 'refused' ? { type: 'plan-refused', outcome: value.outcome } : eventOf(value.plan, request);
}
