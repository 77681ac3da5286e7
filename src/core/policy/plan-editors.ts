import { type Person, samePerson } from '../person.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { ApprovalPolicy } from './approval-policy.ts';

/** Who may not decide on the next plan: the editors so far, and whoever changed the policy it comes to be made under. */
export function planEditors(
  { plan, editors }: Pick<ProvisioningRequest, 'plan' | 'editors'>,
  { version, changedBy }: Pick<ApprovalPolicy, 'version' | 'changedBy'>,
): readonly Person[] {
  const isNew = plan !== null && plan.policy !== version;
  if (!isNew || !changedBy || editors.some((one) => samePerson(one, changedBy))) return editors;
  return [...editors, changedBy];
}
