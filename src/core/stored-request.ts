import { noClocks } from './clocks.ts';
import type { Json } from './json.ts';
import type { Plan } from './plan.ts';
import type { PlanDifference } from './plan-difference.ts';
import type { Decision, ProvisioningRequest } from './request.ts';
import { newStanding } from './standstill.ts';
import { undoOf } from './undo.ts';

/**
 * A request as it was stored, perhaps by an older program that knew fewer fields: what it lacks is given the value that
 * trusts it least. The one place where such defaults are written down.
 */
export function storedRequest(body: ProvisioningRequest): ProvisioningRequest {
  return {
    ...missing,
    ...body,
    clocks: { ...noClocks, ...body.clocks },
    plan: body.plan && storedPlan(body.plan, body),
    differences: body.differences.map(storedDifference),
    decisions: body.decisions.map((decision) => ({ ...missingInDecision, ...decision })),
  };
}

const missing = {
  ...newStanding,
  editors: [],
  approvalStanding: '',
  clocks: noClocks,
  breakGlass: null,
} satisfies Partial<ProvisioningRequest>;

/** No policy has the empty version, so that such a plan is made again before anybody decides on it. */
const missingInPlan = {
  risk: 'high',
  policy: '',
  profile: null,
  objects: [],
  reach: null,
} satisfies Partial<Plan>;

/** What takes a plan back follows from its changes, so it needs no default. */
function storedPlan(plan: Plan, { requester }: ProvisioningRequest): Plan {
  const { tenantId, objectId } = requester;
  const derived: Partial<Plan> = { requester: { tenantId, objectId }, undo: undoOf(plan.changes) };
  return { ...missingInPlan, ...derived, ...plan };
}

/** A difference used to have two sides, `planned` and `now`. */
function storedDifference(difference: PlanDifference & { readonly planned?: Json }): PlanDifference {
  const { planned = null, ...kept } = difference;
  const derived: Partial<PlanDifference> = { plannedFrom: planned };
  return { ...missingInDifference, ...derived, ...kept };
}

const missingInDifference = { about: 'basis', field: null, wanted: null } satisfies Partial<PlanDifference>;

/** Such a decision belongs to no ring and counts for nothing. */
const missingInDecision = { rings: [], signedInAt: null } satisfies Partial<Decision>;
