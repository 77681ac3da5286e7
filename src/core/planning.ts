import { confirm } from './confirming.ts';
import type { DurableFunction } from './durable.ts';
import { planAgain } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import type { Outcome, ProvisioningRequest } from './request.ts';
import type { RunServices } from './run-services.ts';
import { requestIdOf } from './transitions/run-call.ts';
import type { Workflow } from './workflow.ts';

/** Finds the workflow a request names, or undefined when this program does not know it. */
export type FindWorkflow<World> = (name: string) => Workflow<World> | undefined;

/** What is done with the request of a known workflow. */
type Planning<World> = (workflow: Workflow<World>, request: ProvisioningRequest) => Promise<unknown>;

/** Makes the first plan of a request. */
export function planFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  const plan: Planning<World> = async (workflow, request) => {
    const planned = await planAgain(workflow, services, request, 'new');
    // Whoever has just asked is there to ask again, also when it is only unclear.
    if (planned.kind !== 'plan') {
      return services.gate.submit(request.id, { type: 'plan-refused', outcome: planned.outcome });
    }
    const { plan: made, behind, meanwhile } = planned;
    return services.gate.submit(request.id, { type: 'planned', plan: made, behind, meanwhile });
  };
  return planning('plan-request@1', 'planning', services, find, plan);
}

/** Confirms what was approved: see `confirm`. */
export function confirmFunction<World extends PlanningWorld>(
  services: RunServices<World>,
  find: FindWorkflow<World>,
): DurableFunction {
  const plan: Planning<World> = (workflow, request) => confirm(workflow, services, request);
  return planning('confirm-request@1', 'confirming', services, find, plan);
}

function planning<World extends PlanningWorld>(
  name: string,
  state: ProvisioningRequest['state'],
  services: RunServices<World>,
  find: FindWorkflow<World>,
  plan: Planning<World>,
): DurableFunction {
  return {
    name,
    run: async (durable, input) => {
      await durable.step('plan', async () => {
        const request = await services.store.get(requestIdOf(input));
        if (request?.state !== state) return false;
        const workflow = find(request.workflow);
        if (workflow) await plan(workflow, request);
        else await services.gate.submit(request.id, { type: 'plan-refused', outcome: unknownWorkflow(request) });
        return true;
      });
    },
  };
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
