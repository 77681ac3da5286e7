/** A person as Entra knows them. The pair of tenant and object id is the identity; the name is only for reading. */
export interface Person {
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
}

/** What a person may do here. Everybody in the home tenant may ask questions. */
export type Role = 'requester' | 'approver';

/** A person with the roles they have right now. */
export interface Actor extends Person {
  readonly roles: readonly Role[];
}

/** Whether two records mean the same person. Names are not compared. */
export function samePerson(
  left: Pick<Person, 'tenantId' | 'objectId'>,
  right: Pick<Person, 'tenantId' | 'objectId'>,
): boolean {
  return left.tenantId === right.tenantId && left.objectId === right.objectId;
}
