import { noClocks } from './clocks.ts';
import type { Plan } from './plan.ts';
import type { Decision, ProvisioningRequest } from './request.ts';
import { newStanding } from './standstill.ts';

/**
 * A request as it was stored, perhaps by an older program that knew fewer fields: what it lacks is given the value that
 * trusts it least. The one place where such defaults are written down.
 */
export function storedRequest(body: ProvisioningRequest): ProvisioningRequest {
  return {
    ...missing,
    ...body,
    clocks: { ...noClocks, ...body.clocks },
    plan: body.plan && { ...missingInPlan, ...body.plan },
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
const missingInPlan = { risk: 'high', policy: '' } satisfies Partial<Plan>;

/** Such a decision belongs to no ring and counts for nothing. */
const missingInDecision = { rings: [], signedInAt: null } satisfies Partial<Decision>;
