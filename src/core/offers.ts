import type { Actor } from './person.ts';
import type { ApprovalPolicy } from './policy/approval-policy.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RefusalCode, RequestEvent } from './request-event.ts';
import { transition } from './transition.ts';

/** What a card of a request can offer to do, as far as it depends on who reads it. */
const all = [
  'approve',
  'cancel',
  'break-glass',
  'pause',
  'resume',
  'retry',
  'hold',
  'release',
  'answer',
  'review',
] as const;

/** What a card of a request can offer to do; `approve` goes for Deny too, `cancel` for Stop. */
export type Offer = (typeof all)[number];

/** Why somebody may not do something whatever they do before: another person has to do it. */
const forOthers: readonly RefusalCode[] = ['not-allowed', 'own-request', 'plan-editor'];

/**
 * What this person may do about the request. The gate itself is asked, so that no card offers what it refuses; what it
 * refuses for other reasons than the person, such as a missing sign-in, is offered, because the answer says what to do.
 */
export function offersTo(
  actor: Actor,
  request: ProvisioningRequest,
  policy: ApprovalPolicy,
  now: Date,
): readonly Offer[] {
  const context = { now, policy, nonce: request.nonce };
  return all.filter((offer) => {
    const tried = transition(request, eventOf(offer, actor, request), context);
    return tried.kind === 'moved' || !forOthers.includes(tried.code);
  });
}

function eventOf(offer: Offer, actor: Actor, { plan, nonce }: ProvisioningRequest): RequestEvent {
  const digest = plan?.digest ?? '';
  switch (offer) {
    case 'approve':
      return { type: 'approve', actor, digest, nonce };
    case 'break-glass':
      return { type: 'break-glass', actor, digest, nonce, reason: '' };
    case 'answer':
      return { type: 'answer', actor, text: '' };
    case 'review':
      return { type: 'review', actor, verdict: 'accepted', text: '' };
    default:
      return { type: offer, actor };
  }
}

/** Somebody of whom it is not known what they may do: whatever is barred by who they are and not by a role stays barred. */
export function withEveryRole(
  person: Pick<Actor, 'tenantId' | 'objectId' | 'name'>,
  { document }: ApprovalPolicy,
): Actor {
  return {
    ...person,
    roles: ['requester', 'approver', 'operator', 'break-glass'],
    rings: Object.keys(document.rings),
    isGuest: false,
    freshSignInAt: null,
  };
}
