import type { DurableFunction } from './durable.ts';
import { type FreshPlan, planAgain } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import type { Outcome, ProvisioningRequest } from './request.ts';
import type { RequestEvent } from './request-event.ts';
import type { RunServices } from './run-services.ts';
import { requestIdOf } from './transitions/run-call.ts';
import type { Workflow } from './workflow.ts';

/** Finds the workflow a request names, or undefined when this program does not know it. */
export type FindWorkflow<World> = (name: string) => Workflow<World> | undefined;

/** Makes the first plan of a request. */
export function planFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  return planning('plan-request@1', 'planning', services, find, () => 'planned');
}

/** After an approval: plans again from fresh reads; the approval counts only if the digest is still the same. */
export function confirmFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  return planning('confirm-request@1', 'confirming', services, find, ({ plan }, request) =>
    plan.digest === request.plan?.digest ? 'confirmed' : 'superseded',
  );
}

type Planned = Extract<FreshPlan, { kind: 'plan' }>;
type PlanEventType = 'planned' | 'confirmed' | 'superseded';

function planning<World extends PlanningWorld>(
  name: string,
  state: ProvisioningRequest['state'],
  services: RunServices<World>,
  find: FindWorkflow<World>,
  typeOf: (planned: Planned, request: ProvisioningRequest) => PlanEventType,
): DurableFunction {
  return {
    name,
    run: async (durable, input) => {
      await durable.step('plan', async () => {
        const request = await services.store.get(requestIdOf(input));
        if (request?.state !== state) return false;
        const workflow = find(request.workflow);
        const event: RequestEvent = workflow
          ? eventFor(await planAgain(workflow, services, request, 'new'), request, typeOf)
          : { type: 'plan-refused', outcome: unknownWorkflow(request) };
        await services.gate.submit(request.id, event);
        return true;
      });
    },
  };
}

function eventFor(
  planned: FreshPlan,
  request: ProvisioningRequest,
  typeOf: (planned: Planned, request: ProvisioningRequest) => PlanEventType,
): RequestEvent {
  // Whoever has just asked is there to ask again; what was approved waits until somebody can tell.
  if (planned.kind === 'unclear' && request.state === 'confirming') {
    return { type: 'start-unclear', outcome: planned.outcome };
  }
  if (planned.kind !== 'plan') return { type: 'plan-refused', outcome: planned.outcome };
  const { plan, behind, meanwhile } = planned;
  return { type: typeOf(planned, request), plan, behind, meanwhile };
}

/** A request can be older than the program that is to carry it out. */
function unknownWorkflow({ workflow }: ProvisioningRequest): Outcome {
  return {
    code: 'unknown-workflow',
    message: `This version of Switchyard no longer knows ${workflow}. Nothing was changed.`,
    next: 'Type help for what can be asked for now.',
    left: [],
  };
}
