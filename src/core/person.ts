/** A person as Entra knows them. The pair of tenant and object id is the identity; the name is only for reading. */
export interface Person {
  readonly tenantId: string;
  readonly objectId: string;
  readonly name: string;
}

/** What a person may do here. Everybody in the home tenant may ask questions. */
export type Role = 'requester' | 'approver' | 'operator' | 'break-glass';

/** The activity of the channel by which somebody acts. */
interface Via {
  readonly conversation: string;
  /** The id that the channel gave the message or the click. */
  readonly activityId: string;
}

/** A person with what they may do right now. */
export interface Actor extends Person {
  readonly roles: readonly Role[];
  /** Names of the policy's rings they belong to. */
  readonly rings: readonly string[];
  /** Guests of the home tenant may ask questions and nothing else. */
  readonly isGuest: boolean;
  /** ISO time of their last fresh sign-in, null when there is none; how long it counts is the policy's business. */
  readonly freshSignInAt: string | null;
  /** How they act, for the audit trail; null: not in a conversation. Default: where the request was asked for. */
  readonly via?: Via | null;
}

/** Whether two records mean the same account. Names are not compared. */
export function samePerson(
  left: Pick<Person, 'tenantId' | 'objectId'>,
  right: Pick<Person, 'tenantId' | 'objectId'>,
): boolean {
  return left.tenantId === right.tenantId && left.objectId === right.objectId;
}
