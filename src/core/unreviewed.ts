import type { Person } from './person.ts';
import type { PolicyDocument } from './policy/approval-policy.ts';
import { accountsOf } from './policy/one-person.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestStore } from './store.ts';

/** The emergency starts of a person, with any of their accounts, that are not answered for or not reviewed. */
export function unreviewedOf(
  store: RequestStore,
  person: Person,
  document: PolicyDocument,
): Promise<readonly ProvisioningRequest[]> {
  return store.list({ owedBy: accountsOf(person, document) });
}
