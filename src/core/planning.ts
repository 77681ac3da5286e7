import type { DurableFunction } from './durable.ts';
import { type FreshPlan, planAgain } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import type { PlansAhead } from './plans-ahead.ts';
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
  return planning('plan-request@1', 'planning', { services, find, typeOf: () => 'planned' });
}

/**
 * After an approval: plans again from reads that were asked for later than that; the approval counts only if the digest
 * is still the same. `ahead` may have the plan already.
 */
export function confirmFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
  ahead?: Pick<PlansAhead, 'take'>,
): DurableFunction {
  const typeOf = ({ plan }: Planned, request: ProvisioningRequest): PlanEventType =>
    plan.digest === request.plan?.digest ? 'confirmed' : 'superseded';
  return planning('confirm-request@1', 'confirming', { services, find, typeOf, ahead });
}

type Planned = Extract<FreshPlan, { kind: 'plan' }>;
type PlanEventType = 'planned' | 'confirmed' | 'superseded';

interface Planning<World> {
  readonly services: RunServices<World>;
  readonly find: FindWorkflow<World>;
  readonly typeOf: (planned: Planned, request: ProvisioningRequest) => PlanEventType;
  readonly ahead?: Pick<PlansAhead, 'take'> | undefined;
}

function planning<World extends PlanningWorld>(
  name: string,
  state: ProvisioningRequest['state'],
  { services, find, typeOf, ahead }: Planning<World>,
): DurableFunction {
  return {
    name,
    run: async (durable, input) => {
      await durable.step('plan', async () => {
        const request = await services.store.get(requestIdOf(input));
        if (request?.state !== state) return false;
        const workflow = find(request.workflow);
        const plan = async (known: Workflow<World>): Promise<FreshPlan> =>
          (await ahead?.take(durable.id)) ?? (await planAgain(known, services, request, 'new'));
        const event: RequestEvent = workflow
          ? eventFor(await plan(workflow), request, typeOf)
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
