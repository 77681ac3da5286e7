import type { Person } from '../person.ts';
import type { Outcome } from '../request.ts';
import { type ApprovalPolicy, type Risk, ruleFor } from './approval-policy.ts';
import { ownerOf } from './one-person.ts';
import { fewestOf } from './quorum.ts';
import type { RoleSource } from './role-source.ts';

/** What of a request says who cannot approve it. */
export interface AskedBy {
  readonly requester: Person;
  readonly editors: readonly Person[];
}

/**
 * Why a plan of this risk could never be approved: the rings have too few people beside whoever asked, second accounts
 * counted as one. Null when it can. Throws `RolesUnavailableError` when the rings cannot be read.
 */
export async function tooFewApprovers(
  roles: RoleSource,
  { document }: Pick<ApprovalPolicy, 'document'>,
  { requester, editors }: AskedBy,
  risk: Risk,
): Promise<Outcome | null> {
  if (risk === 'none') return null;
  const rule = ruleFor(document, risk);
  const members = await Promise.all(rule.rings.map((ring) => roles.membersOf(ring)));
  const account = (objectId: string) => ownerOf({ tenantId: requester.tenantId, objectId }, document).objectId;
  const barred = new Set([requester, ...editors].map(({ objectId }) => account(objectId)));
  const people = new Set(
    members
      .flat()
      .map(account)
      .filter((one) => !barred.has(one)),
  ).size;
  const needed = fewestOf(rule, roles.offersSignIn);
  if (people >= needed) return null;
  const others = people === 0 ? 'nobody' : `${people} ${people === 1 ? 'person' : 'people'}`;
  return {
    code: 'too-few-approvers',
    message: `Nothing was planned: a change of ${risk} risk needs ${needed === Infinity ? 'a fresh sign-in, which is not set up here' : `${needed} of ${rule.rings.join(' or ')}`}, and ${others} beside you could approve it.`,
    next: 'An operator adds approvers to the approval policy: type “policy” to see it, “change policy” to ask for the change.',
    left: [],
  };
}
