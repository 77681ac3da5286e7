import { debtOf } from '../break-glass.ts';
import { ruleFor } from '../policy/approval-policy.ts';
import { isOnePerson } from '../policy/one-person.ts';
import { freshSignInMinutes, isFresh, quorumOf } from '../policy/quorum.ts';
import { type Bar, barTo } from '../policy/who-may-decide.ts';
import type { Decision, Outcome, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { finish } from './finish.ts';
import { audit, card, moved, personOf } from './moved.ts';
import { receipt } from './receipt.ts';
import { standing } from './standing.ts';
import { confirmAndStart } from './start-when-allowed.ts';

type Vote = EventOf<'approve' | 'deny'>;

/** Somebody clicked Approve or Deny. Who may, and on which plan, is decided here and nowhere else. */
export function vote(request: ProvisioningRequest, event: Vote, context: GateContext): Transition {
  const refused = voteRefusal(request, event, context);
  if (refused) {
    const detail = { refused: refused.code, digest: event.digest, card: event.nonce };
    const entry = { ...audit(request, event.type, event.actor, detail, 'refused'), reason: refused.reason };
    return { kind: 'refused', ...refused, audit: refused.code === 'already' ? null : entry };
  }
  const decision = decisionOf(request, event, context.now);
  const decided = { ...request, decisions: [...request.decisions, decision] };
  const result = event.type === 'approve' ? approved(decided, event, context) : denied(decided, event, context);
  return result.kind === 'moved' ? { ...result, effects: [...result.effects, ...receipt(decided)] } : result;
}

/** The plan waits on until enough people have approved it. */
function approved(decided: ProvisioningRequest, { actor, nonce }: Vote, context: GateContext): Transition {
  const { approvals, needed, isMet, standing: approvalStanding } = quorumOf(decided, context.policy);
  const { rings, freshSignInAt: signedInAt } = actor;
  const detail = {
    digest: decided.plan?.digest ?? '',
    approvals: approvals.length,
    needed,
    rings,
    signedInAt,
    card: nonce,
  };
  const entry = audit(decided, 'approve', actor, detail);
  const next = { ...decided, approvalStanding };
  return isMet ? confirmAndStart(next, context, entry) : moved(next, context, [card(decided)], entry);
}

/** One person against it is enough, however many are for it. */
function denied(decided: ProvisioningRequest, { actor, nonce }: Vote, context: GateContext): Transition {
  const outcome: Outcome = {
    code: 'denied',
    message: `${actor.name} denied the request. Nothing was changed.`,
    next: 'Talk to the approver; a new request can be made at any time.',
    left: [],
  };
  const entry = audit(decided, 'deny', actor, { digest: decided.plan?.digest ?? '', card: nonce });
  return finish(decided, 'denied', outcome, context, entry, ['denied', 'attention']);
}

function decisionOf(request: ProvisioningRequest, { type, actor, digest }: Vote, now: Date): Decision {
  return {
    verdict: type,
    by: personOf(actor),
    at: now.toISOString(),
    digest: request.plan?.digest ?? digest,
    voided: false,
    rings: actor.rings,
    signedInAt: actor.freshSignInAt,
  };
}

function voteRefusal(request: ProvisioningRequest, event: Vote, context: GateContext): Bar | null {
  const { now, policy } = context;
  return (
    alreadyVoted(request, event, context) ??
    barTo(event.actor, request, policy) ??
    indebted(context) ??
    tooLate(request, now) ??
    otherPlan(request, event, context) ??
    unproven(request, event, context)
  );
}

/** The same click again changes nothing, unless a fresh sign-in has made it worth more meanwhile. */
function alreadyVoted(
  request: ProvisioningRequest,
  { type, actor, digest }: Vote,
  { now, policy }: GateContext,
): Bar | null {
  const earlier = request.decisions.filter(({ by, voided }) => isOnePerson(by, actor, policy.document) && !voided);
  const same = earlier.findLast((one) => one.verdict === type && one.digest.startsWith(digest));
  const at = now.toISOString();
  const provesMore = type === 'approve' && isFresh({ signedInAt: actor.freshSignInAt, at }) && !earlier.some(isFresh);
  if (!same || (provesMore && request.state === 'awaiting-approval')) return null;
  return { code: 'already', reason: 'Your decision is already recorded.' };
}

/** Whoever started a run alone and has not been reviewed since decides on nothing else. */
function indebted({ debts = [] }: GateContext): Bar | null {
  const reason = debtOf(debts);
  return reason === null ? null : { code: 'owes-answer', reason };
}

function tooLate(request: ProvisioningRequest, now: Date): Bar | null {
  if (request.state !== 'awaiting-approval') {
    return { code: 'wrong-state', reason: `${standing(request)} Your click changed nothing.` };
  }
  if (request.decideBy !== null && new Date(request.decideBy) <= now) {
    return { code: 'wrong-state', reason: `The time to decide on ${request.id} has passed. Ask again.` };
  }
  return null;
}

function otherPlan({ plan, nonce }: ProvisioningRequest, event: Vote, { policy }: GateContext): Bar | null {
  const matches = plan?.digest.startsWith(event.digest) && event.digest.length >= 16 && nonce === event.nonce;
  if (!matches) {
    const reason = 'This card shows an older plan. Read the current card of the request and decide there.';
    return { code: 'stale', reason };
  }
  if (plan?.policy === policy.version) return null;
  const reason =
    'The approval policy has changed since this plan was made. It is being made again; decide on the new card.';
  return { code: 'stale', reason };
}

/** Where only a fresh sign-in counts, a click without one is no approval at all. */
function unproven({ plan }: ProvisioningRequest, { type, actor }: Vote, { now, policy }: GateContext): Bar | null {
  const { proofOfPerson } = ruleFor(policy.document, plan?.risk ?? 'high');
  if (type === 'deny' || proofOfPerson !== 'fresh-sign-in') return null;
  if (isFresh({ signedInAt: actor.freshSignInAt, at: now.toISOString() })) return null;
  const reason = `This plan needs an approver who has signed in within the last ${freshSignInMinutes} minutes. Sign in afresh, then approve.`;
  return { code: 'sign-in-needed', reason };
}
