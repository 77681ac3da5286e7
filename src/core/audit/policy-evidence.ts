import type { KeptPlan } from '../kept-plan.ts';
import { type PolicyDocument, policyVersionOf, ruleFor } from '../policy/approval-policy.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { Control } from './controls.ts';

/** An approval policy under which a plan was made. Its version is a digest of the document. */
export interface KeptPolicy {
  readonly version: string;
  readonly document: PolicyDocument;
}

/**
 * Every policy in a bundle must be, to the word, one under which a plan of the bundle was made, and none of those may be
 * missing: the trail names each plan by its hash, and each plan names its policy, so neither can be left out unseen.
 */
export function policyFaults(policies: readonly KeptPolicy[], plans: readonly KeptPlan[]): string[] {
  const named = new Set(plans.map(({ plan }) => plan.policy));
  const missing = [...named]
    .filter((policy) => !policies.some(({ version }) => version === policy))
    .map((policy) => `Policy ${policy}, under which a plan of the bundle was made, is missing.`);
  const altered = policies
    .filter(({ version, document }) => {
      return !named.has(version) || policyVersionOf(document) !== version;
    })
    .map(({ version }) => `Policy ${version} is not the policy that the plans name.`);
  return [...altered, ...missing];
}

/** Who could decide and who could pass them over, by the policy of the plan that was decided on, and who did. */
export function entitled(
  { decisions, plan }: Pick<ProvisioningRequest, 'decisions' | 'plan'>,
  policies: readonly KeptPolicy[],
): Control {
  const question = 'Whoever approved it was in a ring that the policy of the plan named';
  const policy = policies.find(({ version }) => version === plan?.policy);
  if (!plan || !policy) return { question, holds: null, fact: 'the policy of the plan is not in this bundle' };
  const { rings } = ruleFor(policy.document, plan.risk);
  const approvals = decisions.filter(({ verdict, voided }) => verdict === 'approve' && !voided);
  const mayDecide = rings.map((name) => `${name} (${membersOf(policy.document.rings[name])})`).join(', ');
  const did = approvals.map(({ by, rings: held }) => `${by.name} in ${held.join(' and ') || 'no ring'}`).join(', ');
  const { breakGlass } = policy.document;
  const alone = breakGlass === null ? 'nobody' : membersOf(breakGlass);
  const holds = approvals.every(({ rings: held }) => held.some((name) => rings.includes(name)));
  const fact = `risk ${plan.risk}; could decide: ${mayDecide}; as read at the click: ${did || 'nobody'}; could start it alone: ${alone}`;
  return { question, holds: approvals.length === 0 ? null : holds, fact };
}

function membersOf(
  circle: { readonly people: readonly string[]; readonly groups: readonly string[] } | undefined,
): string {
  const { people = [], groups = [] } = circle ?? {};
  return [...people, ...groups.map((id) => `group ${id}`)].join(', ') || 'nobody';
}
