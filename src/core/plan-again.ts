import { retried } from './apply.ts';
import type { Plan } from './plan.ts';
import { makePlan, type PlanningWorld } from './planner.ts';
import { recorded } from './recorded.ts';
import type { Outcome, ProvisioningRequest, RequestRef } from './request.ts';
import { runAhead } from './run-ahead.ts';
import type { RunServices } from './run-services.ts';
import type { Workflow } from './workflow.ts';

/** A plan from fresh reads with the run it would wait for, or the reason why there can be none. */
export type FreshPlan =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly behind: RequestRef | null }
  | { readonly kind: 'refused'; readonly outcome: Outcome };

/** Makes the plan of a request from fresh reads; an error becomes a refusal in words. */
export async function planAgain<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  request: ProvisioningRequest,
): Promise<FreshPlan> {
  const planned = await recorded(() => retried(services, make), services.onDefect);
  return planned.ok ? planned.value : { kind: 'refused', outcome: { ...planned.error, left: [] } };

  async function make(): Promise<FreshPlan> {
    const world = services.planningWorldOf(request.tenant);
    const planning = await makePlan(workflow, world, request, services.policyVersion);
    return planning.kind === 'plan' ? { ...planning, behind: await runAhead(services.store, request) } : planning;
  }
}
