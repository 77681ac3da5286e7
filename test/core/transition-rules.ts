import { type Actor, samePerson } from '../../src/core/person.ts';
import type { ApprovalPolicy } from '../../src/core/policy/approval-policy.ts';
import { type Decision, isOpen, type ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { home } from '../support/people.ts';
import { humanOf } from './transition-house.ts';

/** One event that went through the gate. */
export interface Seen {
  readonly before: ProvisioningRequest;
  readonly event: RequestEvent;
  readonly context: GateContext;
  readonly result: Transition;
  /** Runs that were started, by id. */
  readonly started: Set<string>;
  /** People who put another policy in force while the request was open. */
  readonly meddlers: ReadonlySet<string>;
}

type Vote = Extract<RequestEvent, { type: 'approve' | 'deny' }>;

function insist(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken rule: ${rule}`);
}

/** What must hold whatever happens, stated independently of how it is built. */
export const rules: readonly ((seen: Seen) => void)[] = [
  endsAreEnds,
  votesAreRightful,
  rightfulVotesCount,
  onlyVotesAreDecisions,
  sameVoteIsOne,
  approvalNeedsItsQuorum,
  runsAreApproved,
  lostApprovalsAskAgain,
  expiryIsDue,
  newPlansNeedNewDecisions,
  newPolicyNeedsNewPlan,
  onlySomeMayEnd,
];

function endsAreEnds({ before, event, result }: Seen): void {
  if (result.kind !== 'moved') return;
  const stays = event.type === 'look-again' && result.request.state === before.state;
  insist(isOpen(before.state) || stays, 'nothing leaves a final state');
  insist(result.request.revision === before.revision + 1, 'the revision grows by one');
}

function voteIn({ type }: RequestEvent): boolean {
  return type === 'approve' || type === 'deny';
}

function riskOf({ plan }: ProvisioningRequest): 'normal' | 'high' {
  return plan?.changes.some(({ risky }) => risky) ? 'high' : 'normal';
}

/** Whether a person may have a say about this request at all. */
function mayDecide(actor: Actor, { before, context, meddlers }: Seen): boolean {
  const { rings } = context.policy.document.rules[riskOf(before)];
  return (
    actor.tenantId === home &&
    !actor.isGuest &&
    actor.roles.includes('approver') &&
    actor.rings.some((ring) => rings.includes(ring)) &&
    humanOf(actor) !== humanOf(before.requester) &&
    !meddlers.has(humanOf(actor))
  );
}

/** Whether the click is on the current card, of a plan under the present policy, in time. */
function isOnTime({ digest, nonce }: Vote, { before, context }: Seen): boolean {
  return (
    before.state === 'awaiting-approval' &&
    digest.length >= 16 &&
    before.plan?.digest.startsWith(digest) === true &&
    before.plan.policy === context.policy.version &&
    nonce === before.nonce &&
    before.decideBy !== null &&
    Date.parse(before.decideBy) > context.now.getTime()
  );
}

function isFreshAt(signedInAt: string | null, at: number): boolean {
  return signedInAt !== null && at - Date.parse(signedInAt) <= 300_000;
}

/** Where only a fresh sign-in counts, a click without one is nothing. */
function isProven({ type, actor }: Vote, { before, context }: Seen): boolean {
  const { proofOfPerson } = context.policy.document.rules[riskOf(before)];
  return type === 'deny' || proofOfPerson !== 'fresh-sign-in' || isFreshAt(actor.freshSignInAt, context.now.getTime());
}

function votesAreRightful(seen: Seen): void {
  const { before, event, result } = seen;
  if (result.kind !== 'moved' || (event.type !== 'approve' && event.type !== 'deny')) return;
  insist(mayDecide(event.actor, seen), 'only people whom the policy asks, without a hand in the plan, vote');
  insist(isOnTime(event, seen), 'votes are on the current card and plan, under the present policy, in time');
  insist(isProven(event, seen), 'votes are proven as the policy asks');
  const decisions = result.request.decisions;
  insist(decisions.length === before.decisions.length + 1, 'a vote adds one decision and takes none away');
  const decision = decisions.at(-1);
  insist(decision?.digest === before.plan?.digest && decision?.voided === false, 'the decision records the plan');
  insist(result.request.nonce === before.nonce, 'the card of a partly approved plan stays good');
}

function rightfulVotesCount(seen: Seen): void {
  const { before, event, result } = seen;
  if (event.type !== 'approve' && event.type !== 'deny') return;
  const hasVoted = before.decisions.some(({ by, verdict, voided }) => {
    return !voided && verdict === event.type && humanOf(by) === humanOf(event.actor);
  });
  if (hasVoted || !mayDecide(event.actor, seen) || !isOnTime(event, seen) || !isProven(event, seen)) return;
  insist(result.kind === 'moved', 'a rightful vote counts');
  if (event.type === 'deny')
    insist(result.kind === 'moved' && result.request.state === 'denied', 'one denial is enough');
}

function onlyVotesAreDecisions({ before, event, result }: Seen): void {
  if (voteIn(event) || result.kind !== 'moved') return;
  insist(result.request.decisions.length === before.decisions.length, 'only votes are decisions');
}

function sameVoteIsOne({ before, event, context, result }: Seen): void {
  if (event.type !== 'approve' && event.type !== 'deny') return;
  const same = before.decisions.filter((one) => {
    const isTheirs = humanOf(one.by) === humanOf(event.actor) && one.verdict === event.type;
    return isTheirs && !one.voided && one.digest.startsWith(event.digest);
  });
  const provesMore =
    event.type === 'approve' &&
    isFreshAt(event.actor.freshSignInAt, context.now.getTime()) &&
    same.every(({ signedInAt, at }) => !isFreshAt(signedInAt, Date.parse(at)));
  if (same.length === 0 || provesMore) return;
  insist(result.kind === 'refused' && result.code === 'already', 'the same vote again is already recorded');
}

/** Whether these decisions are enough, counted by people. */
function isEnough(
  { plan, decisions }: ProvisioningRequest,
  { document }: ApprovalPolicy,
  stillCounts: (decision: Decision) => boolean,
): boolean {
  const { quorum, proofOfPerson } = document.rules[plan?.changes.some(({ risky }) => risky) ? 'high' : 'normal'];
  const valid = decisions.filter((one) => {
    return one.verdict === 'approve' && !one.voided && one.digest === plan?.digest && stillCounts(one);
  });
  const fresh = valid.filter(({ signedInAt, at }) => isFreshAt(signedInAt, Date.parse(at)));
  const humans = (some: readonly Decision[]): number => new Set(some.map(({ by }) => humanOf(by))).size;
  if (proofOfPerson === 'fresh-sign-in') return humans(fresh) >= quorum;
  if (proofOfPerson === 'click') return humans(valid) >= quorum;
  return humans(valid) >= Math.max(2, quorum) || (humans(fresh) >= 1 && humans(valid) >= quorum);
}

function approvalNeedsItsQuorum({ before, event, context, result }: Seen): void {
  if (result.kind !== 'moved' || event.type !== 'approve') return;
  const enough = isEnough(result.request, context.policy, () => true);
  insist(result.request.state === (enough ? 'confirming' : 'awaiting-approval'), 'enough people approve, not fewer');
  if (!enough) insist(result.request.decideBy === before.decideBy, 'a partial approval buys no time');
}

function runsAreApproved(seen: Seen): void {
  const { before, result, event, started, context } = seen;
  if (result.kind !== 'moved' || result.request.state !== 'running' || before.state === 'running') {
    const again = event.type === 'run-started' && result.kind === 'moved' && before.state === 'running';
    insist(!again, 'a run starts once');
    return;
  }
  const id = runCall(before).id;
  insist(before.state === 'approved' && event.type === 'run-started', 'runs start when approved');
  insist(!started.has(id), 'a plan runs once');
  started.add(id);
  insist(before.plan?.policy === context.policy.version, 'a run starts under the policy of its plan');
  insist(isEnough(before, context.policy, stillCounts(seen)), 'a run has enough approvals of exactly its plan by now');
}

/** Whether whoever decided may still do so at the start. */
function stillCounts(seen: Seen): (decision: Decision) => boolean {
  const approvers = seen.event.type === 'run-started' ? seen.event.approvers : [];
  return ({ by }) => {
    const now = approvers.find((one) => samePerson(one, by));
    return now !== undefined && mayDecide(now, seen);
  };
}

function lostApprovalsAskAgain(seen: Seen): void {
  const { before, event, context, result } = seen;
  if (event.type !== 'run-started' || before.state !== 'approved' || result.kind !== 'moved') return;
  const { state, decisions, planVersion, nonce } = result.request;
  if (state !== 'awaiting-approval') return;
  insist(planVersion === before.planVersion + 1 && nonce !== before.nonce, 'what is asked again has a card of its own');
  insist(!isEnough(result.request, context.policy, () => true), 'what is asked again is not approved yet');
  const counts = stillCounts(seen);
  const wrong = decisions.filter(
    (one, index) => before.decisions[index]?.voided === false && one.voided === counts(one),
  );
  insist(wrong.length === 0, 'exactly the approvals that lost their ground are void');
}

function expiryIsDue({ before, event, context, result }: Seen): void {
  if (event.type !== 'expire') return;
  const isDue = before.decideBy !== null && Date.parse(before.decideBy) <= context.now.getTime();
  const may = before.state === 'awaiting-approval' && isDue;
  insist((result.kind === 'moved') === may, 'undecided requests expire when they are due, and no others');
}

function newPlansNeedNewDecisions({ before, event, context, result }: Seen): void {
  if (result.kind !== 'moved') return;
  const { request } = result;
  const isNew = request.plan?.digest !== before.plan?.digest;
  if (isNew) {
    insist(['planning', 'confirming', 'approved'].includes(before.state), 'a plan changes only before its run');
    insist(request.nonce !== before.nonce, 'a new plan comes with a new card');
    insist(request.state === 'awaiting-approval', 'a new plan awaits a decision');
    insist(request.plan?.policy === context.policy.version, 'a new plan is made under the present policy');
  }
  const isSuperseded = event.type === 'superseded' && request.state === 'awaiting-approval';
  if (isNew || isSuperseded) {
    insist(
      request.decisions.every(({ voided }) => voided),
      'a new plan voids the decisions',
    );
  }
  if (isSuperseded)
    insist(request.planVersion === before.planVersion + 1, 'superseding makes a new version of the plan');
}

function newPolicyNeedsNewPlan({ before, event, context, result }: Seen): void {
  if (event.type !== 'policy-changed') return;
  const isOld = before.plan !== null && before.plan.policy !== context.policy.version;
  const waits = before.state === 'awaiting-approval' || before.state === 'approved';
  insist((result.kind === 'moved') === (isOld && waits), 'exactly the plans under an old policy are made again');
  if (result.kind !== 'moved') return;
  insist(result.request.state === 'planning', 'a plan under an old policy is made again');
  insist(
    result.request.decisions.every(({ voided }) => voided),
    'decisions under an old policy are void',
  );
}

function onlySomeMayEnd({ before, event, result }: Seen): void {
  if ((event.type !== 'cancel' && event.type !== 'stop') || result.kind !== 'moved') return;
  const { roles, isGuest } = event.actor;
  const hasBegun = before.state === 'confirming' || before.state === 'approved' || before.state === 'running';
  const operates = hasBegun && roles.includes('operator') && !isGuest;
  const allowed = samePerson(event.actor, before.requester) || roles.includes('approver') || operates;
  insist(allowed, 'only the requester, an approver or, once it is approved, an operator ends a request');
}
