import { retried } from './apply.ts';
import { askAhead } from './ask-ahead.ts';
import { doneMeanwhile, type Meanwhile } from './meanwhile.ts';
import { isEmptyPlan, type Plan } from './plan.ts';
import { makePlan, type PlanningWorld } from './planner.ts';
import { planEditors } from './policy/plan-editors.ts';
import { tooFewApprovers } from './policy/too-few-approvers.ts';
import { recorded } from './recorded.ts';
import type { Outcome, ProvisioningRequest, RequestRef } from './request.ts';
import { runAhead } from './run-ahead.ts';
import type { ReadAge, RunServices } from './run-services.ts';
import type { Workflow } from './workflow.ts';

/**
 * A plan from fresh reads, the run it would wait for and who made it another one, or why there can be none: `unclear`
 * when that says nothing about the tenant, because somebody did not answer.
 */
export type FreshPlan =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      readonly behind: RequestRef | null;
      readonly meanwhile: Meanwhile | null;
    }
  | { readonly kind: 'refused' | 'unclear'; readonly outcome: Outcome };

/** Errors that tell nothing of the tenant or the people: asking again later can. */
const sayNothing = ['throttled', 'unavailable', 'roles-unavailable'];

/** Makes the plan of a request from reads of this age, and tries again while "later" is said; an error becomes a reason in words. */
export async function planAgain<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  request: ProvisioningRequest,
  age: ReadAge,
): Promise<FreshPlan> {
  const make = () => planOnce(workflow, services, request, age);
  const planned = await recorded(() => retried(services, make), services.onDefect);
  if (planned.ok) return planned.value;
  const { code, message, next } = planned.error;
  return { kind: sayNothing.includes(code) ? 'unclear' : 'refused', outcome: { code, message, next, left: [] } };
}

/** The same in one attempt. Throws what reading the tenant throws, and defects. */
async function planOnce<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  request: ProvisioningRequest,
  age: ReadAge,
): Promise<FreshPlan> {
  const world = services.planningWorldOf(request.tenant, age);
  const inForce = services.policies.current();
  const version = inForce.then((policy) => policy.version);
  const planned = makePlan(workflow, world, request, version);
  if (request.plan) void askAhead(workflow, world, request.plan.facts);
  const [planning, behind, policy] = await Promise.all([planned, runAhead(services.store, request), inForce, version]);
  if (planning.kind !== 'plan') return planning;
  const isSame = planning.plan.digest === request.plan?.digest && !isEmptyPlan(planning.plan);
  // Nobody is asked to approve the same plan again: whether those who did still may is looked at when it starts.
  const decided = { ...request, editors: planEditors(request, policy) };
  const outcome = isSame ? null : await tooFewApprovers(services.roles, policy, decided, planning.plan.risk);
  if (outcome) return { kind: 'refused', outcome };
  const meanwhile = isSame ? null : await doneMeanwhile(services.store, request);
  return { ...planning, meanwhile, behind };
}

/** A request can be older than the program that is to plan it. */
export function unknownWorkflow({ workflow }: ProvisioningRequest): FreshPlan {
  const outcome: Outcome = {
    code: 'unknown-workflow',
    message: `This version of Switchyard no longer knows ${workflow}. Nothing was changed.`,
    next: 'Type help for what can be asked for now.',
    left: [],
  };
  return { kind: 'refused', outcome };
}
