import type { Person } from '../person.ts';
import type { Decision, ProvisioningRequest } from '../request.ts';
import { type ApprovalPolicy, type PolicyDocument, type PolicyRule, ruleFor } from './approval-policy.ts';
import { isOnePerson } from './one-person.ts';

/** Minutes a sign-in counts as fresh for: an older one says little about who sits there now. */
export const freshSignInMinutes = 5;

/** How far the approval of a plan is. */
export interface Quorum {
  readonly isMet: boolean;
  /** The approvals that count, one for each person. */
  readonly approvals: readonly Decision[];
  /** How many people must approve, given who signed in afresh. */
  readonly needed: number;
  /** Names of the rings that may decide, the one that is asked first in front. */
  readonly rings: readonly string[];
  /** For the card, e.g. `1 of 2 approvals; still needed: one more of mail-admins.` */
  readonly standing: string;
}

/** What a quorum is counted from. */
export type Decided = Pick<ProvisioningRequest, 'requester' | 'editors' | 'plan' | 'decisions'>;

/**
 * Who has approved the current plan, and what is still missing. Counts people, not accounts: nobody twice, neither the
 * requester nor whoever caused the plan to be as it is, and only members of the rings that the plan's risk asks for.
 */
export function quorumOf(request: Decided, { document }: Pick<ApprovalPolicy, 'document'>): Quorum {
  const rule = ruleFor(document, request.plan?.risk ?? 'high');
  const approvals = onePerPerson(
    request.decisions.filter((decision) => counts(decision, request, rule, document)),
    document,
  );
  const fresh = approvals.filter(isFresh).length;
  const needed = neededOf(rule, fresh);
  const isMet = approvals.length >= needed;
  const standing = isMet ? '' : standingOf(rule, approvals, needed);
  return { isMet, approvals, needed, rings: rule.rings, standing };
}

/** Whether somebody had signed in afresh when they decided. */
export function isFresh({ signedInAt, at }: Pick<Decision, 'signedInAt' | 'at'>): boolean {
  if (signedInAt === null) return false;
  const age = Date.parse(at) - Date.parse(signedInAt);
  return age >= 0 && age <= freshSignInMinutes * 60_000;
}

/** Whether somebody has a hand in the plan and can therefore not judge it. */
export function hasHandIn({ requester, editors }: Decided, person: Person, document: PolicyDocument): boolean {
  return [requester, ...editors].some((one) => isOnePerson(one, person, document));
}

function counts(decision: Decision, request: Decided, rule: PolicyRule, document: PolicyDocument): boolean {
  const { verdict, voided, digest, by, rings } = decision;
  if (verdict !== 'approve' || voided || digest !== request.plan?.digest) return false;
  if (by.tenantId !== request.requester.tenantId || hasHandIn(request, by, document)) return false;
  if (rule.proofOfPerson === 'fresh-sign-in' && !isFresh(decision)) return false;
  return rings.some((ring) => rule.rings.includes(ring));
}

/** Of several approvals of one person the one that proves most counts: the fresh one, then the latest. */
function onePerPerson(approvals: readonly Decision[], document: PolicyDocument): Decision[] {
  const best = approvals.toSorted((left, right) => Number(isFresh(right)) - Number(isFresh(left)));
  return best.filter((one, index) => best.findIndex(({ by }) => isOnePerson(by, one.by, document)) === index);
}

/** One person who signed in afresh is as good as two who only clicked. */
function neededOf({ quorum, proofOfPerson }: PolicyRule, fresh: number): number {
  return proofOfPerson === 'fresh-sign-in-or-two' && fresh === 0 ? Math.max(quorum, 2) : quorum;
}

/** With how many people a rule can be met at best; infinite where nobody can. `offersSignIn`: in afresh, here. */
export function fewestOf({ quorum, proofOfPerson }: PolicyRule, offersSignIn: boolean): number {
  if (proofOfPerson === 'click' || offersSignIn) return quorum;
  return proofOfPerson === 'fresh-sign-in' ? Number.POSITIVE_INFINITY : Math.max(quorum, 2);
}

function standingOf({ rings, quorum, proofOfPerson }: PolicyRule, approvals: readonly Decision[], needed: number) {
  const of = rings.join(' or ');
  const missing = needed - approvals.length;
  const more = approvals.length === 0 ? '' : ' more';
  const people = `${missing === 1 ? 'one' : missing}${more} of ${of}`;
  const proof = proofOfPerson === 'fresh-sign-in' ? ', with a fresh sign-in' : '';
  const alone = proofOfPerson === 'fresh-sign-in-or-two' && quorum === 1 ? '; a fresh sign-in of one is enough' : '';
  return `${approvals.length} of ${needed} approvals; still needed: ${people}${proof}${alone}.`;
}
