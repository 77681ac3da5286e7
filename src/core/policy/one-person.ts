import { type Person, samePerson } from '../person.ts';
import type { PolicyDocument } from './approval-policy.ts';

type Account = Pick<Person, 'tenantId' | 'objectId'>;

/** The account that stands for a person: of somebody with two accounts, the one the policy names as the owner. */
export function ownerOf(account: Account, { owners }: Pick<PolicyDocument, 'owners'>): Account {
  const { tenantId, objectId } = account;
  return { tenantId, objectId: owners[objectId] ?? objectId };
}

/** Every account the policy knows of a person, the given one included. */
export function accountsOf(account: Account, document: Pick<PolicyDocument, 'owners'>): Account[] {
  const owner = ownerOf(account, document);
  const second = Object.entries(document.owners).filter(([, objectId]) => objectId === owner.objectId);
  return [owner, ...second.map(([objectId]) => ({ tenantId: account.tenantId, objectId }))];
}

/** Whether two accounts belong to one person. */
export function isOnePerson(left: Account, right: Account, document: Pick<PolicyDocument, 'owners'>): boolean {
  return samePerson(ownerOf(left, document), ownerOf(right, document));
}
