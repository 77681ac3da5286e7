import type { Actor } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { GateContext, RequestEvent, Transition } from '../../src/core/request-event.ts';
import { transition } from '../../src/core/transition.ts';
import { eve } from '../support/people.ts';
import { people } from './transition-house.ts';
import type { TransitionFunction } from './transition-model.ts';

type Vote = Extract<RequestEvent, { type: 'approve' | 'deny' }>;

function isVote(event: RequestEvent): event is Vote {
  return event.type === 'approve' || event.type === 'deny';
}

const asApprover: Actor = { ...eve, roles: ['approver'], rings: ['approvers', 'seconds'] };

/** The gate told something else about the request; what it did not change comes out as it was. */
function misled(change: (request: ProvisioningRequest, event: RequestEvent) => Partial<ProvisioningRequest>) {
  return (request: ProvisioningRequest, event: RequestEvent, context: GateContext): Transition => {
    const changed = change(request, event);
    const result = transition({ ...request, ...changed }, event, context);
    if (result.kind !== 'moved') return result;
    const kept = Object.fromEntries(Object.keys(changed).map((key) => [key, Reflect.get(request, key)]));
    return { ...result, request: { ...result.request, ...kept } };
  };
}

/** The gate told something else about who votes. */
function mistaken(change: (actor: Actor, context: GateContext) => Partial<Actor>): TransitionFunction {
  return (request, event, context) =>
    transition(
      request,
      isVote(event) ? { ...event, actor: { ...event.actor, ...change(event.actor, context) } } : event,
      context,
    );
}

/** The gate with another policy, under the same name. */
function lax(change: (document: PolicyDocument) => Partial<PolicyDocument>): TransitionFunction {
  return (request, event, context) => {
    const document = { ...context.policy.document, ...change(context.policy.document) };
    return transition(request, event, { ...context, policy: { ...context.policy, document } });
  };
}

/** The gate, and then something else made of what it did. */
function spoilt(
  spoil: (next: ProvisioningRequest, before: ProvisioningRequest, event: RequestEvent) => Partial<ProvisioningRequest>,
): TransitionFunction {
  return (request, event, context) => {
    const result = transition(request, event, context);
    return result.kind === 'moved'
      ? { ...result, request: { ...result.request, ...spoil(result.request, request, event) } }
      : result;
  };
}

/** Takes the policy that is in force for the one the plan was made under. */
function underOldPolicy(types: readonly RequestEvent['type'][]): TransitionFunction {
  return (request, event, context) => {
    const version = types.includes(event.type) ? (request.plan?.policy ?? '') : context.policy.version;
    return transition(request, event, { ...context, policy: { ...context.policy, version } });
  };
}

const everybody = { rings: ['approvers', 'seconds'] };

/** Gates with one fault each, as a careless change could make them. */
export const faults: Readonly<Record<string, TransitionFunction>> = {
  'lets people approve their own request': misled(({ requester }) => ({
    requester: { ...requester, objectId: 'nobody' },
  })),
  'does not look at the role': mistaken(() => ({ roles: ['approver'] })),
  'does not look at the ring': mistaken(() => everybody),
  'lets guests decide': mistaken(() => ({ isGuest: false })),
  'lets people of other organisations decide': (request, event, context) =>
    transition(
      request,
      isVote(event) ? { ...event, actor: { ...event.actor, tenantId: request.requester.tenantId } } : event,
      context,
    ),
  'counts two accounts of one person twice': lax(({ owners }) => ({
    owners: Object.fromEntries(Object.entries(owners).slice(1)),
  })),
  'lets the second account of the requester approve': lax(({ owners }) => ({
    owners: Object.fromEntries(Object.entries(owners).slice(0, 1)),
  })),
  'lets one approve where two are needed': lax(({ rules: { none, normal, high } }) => ({
    rules: { none, normal: { ...normal, quorum: 1 }, high: { ...high, quorum: 1 } },
  })),
  'waits for more than are needed': lax(({ rules: { none, normal, high } }) => ({
    rules: { none, normal: { ...normal, quorum: normal.quorum + 1 }, high },
  })),
  'takes a click for a fresh sign-in': mistaken((_actor, { now }) => ({ freshSignInAt: now.toISOString() })),
  'takes an old sign-in for a fresh one': mistaken(({ freshSignInAt }, { now }) => ({
    freshSignInAt: freshSignInAt && now.toISOString(),
  })),
  'lets whoever changed the policy decide': misled(() => ({ editors: [] })),
  'lets an approval outweigh a denial': (request, event, context) =>
    event.type === 'deny' && request.decisions.some(({ voided }) => !voided)
      ? { kind: 'refused', code: 'wrong-state', reason: '', audit: null }
      : transition(request, event, context),
  'forgets the first of two approvals': spoilt(({ decisions }, before, event) =>
    isVote(event) && before.decisions.length > 0 ? { decisions: decisions.slice(-1) } : {},
  ),
  'gives a partly approved plan a new card': spoilt(({ state, nonce }, _before, event) =>
    event.type === 'approve' && state === 'awaiting-approval' ? { nonce: `${nonce}+` } : {},
  ),
  'buys time with a partial approval': spoilt(({ state }, _before, event) =>
    event.type === 'approve' && state === 'awaiting-approval' ? { decideBy: '2030-01-01T00:00:00.000Z' } : {},
  ),
  'takes a vote under an old policy': underOldPolicy(['approve', 'deny']),
  'takes a plan that was made under an old policy': (request, event, context) => {
    const version = 'plan' in event ? event.plan.policy : context.policy.version;
    return transition(request, event, { ...context, policy: { ...context.policy, version } });
  },
  'starts a run under an old policy': underOldPolicy(['run-started']),
  'keeps what was decided under an old policy': spoilt((_next, { decisions }, event) =>
    event.type === 'policy-changed' ? { decisions } : {},
  ),
  'leaves a plan under an old policy as it is': (request, event, context) =>
    event.type === 'policy-changed'
      ? { kind: 'refused', code: 'already', reason: '', audit: null }
      : transition(request, event, context),
  'starts although an approver was removed': (request, event, context) =>
    transition(request, event.type === 'run-started' ? { ...event, approvers: people } : event, context),
  'keeps the approval of somebody who was removed': spoilt(({ state }, { decisions }, event) =>
    event.type === 'run-started' && state === 'awaiting-approval' ? { decisions } : {},
  ),
  'asks again on the old card': spoilt((_next, { nonce, planVersion }, event) =>
    event.type === 'run-started' ? { nonce, planVersion } : {},
  ),
  'takes a stale nonce': (request, event, context) =>
    transition(request, isVote(event) ? { ...event, nonce: request.nonce } : event, context),
  'ignores the digest': (request, event, context) =>
    transition(request, isVote(event) ? { ...event, digest: request.plan?.digest.slice(0, 16) ?? '' } : event, context),
  'takes decisions in any state': (request, event, context) =>
    transition(isVote(event) ? { ...request, state: 'awaiting-approval' } : request, event, context),
  'expires early': (request, event, context) =>
    transition(request, event, event.type === 'expire' ? { ...context, now: new Date('2030-01-01') } : context),
  'takes decisions after the deadline': (request, event, context) =>
    transition(isVote(event) ? { ...request, decideBy: '2030-01-01T00:00:00.000Z' } : request, event, context),
  'keeps the approval of a superseded plan': spoilt((_next, { decisions }, event) =>
    event.type === 'superseded' ? { decisions } : {},
  ),
  'starts a run twice': (request, event, context) =>
    transition(
      event.type === 'run-started' && request.state === 'running' ? { ...request, state: 'approved' } : request,
      event,
      context,
    ),
  'lets anybody cancel': (request, event, context) =>
    transition(request, event.type === 'cancel' ? { ...event, actor: asApprover } : event, context),
  'lets operators withdraw what nobody has approved': (request, event, context) =>
    transition(
      event.type === 'cancel' && request.state === 'awaiting-approval' ? { ...request, state: 'approved' } : request,
      event,
      context,
    ),
  'confirms another plan': (request, event, context) =>
    transition(event.type === 'confirmed' && request.plan ? { ...request, plan: event.plan } : request, event, context),
  'keeps the nonce for a new plan': (request, event, context) =>
    transition(request, event, { ...context, nonce: request.nonce }),
  'forgets who voted': (request, event, context) => {
    const result = transition(request, event, context);
    return result.kind === 'refused' && result.code === 'already' ? { ...result, code: 'wrong-state' } : result;
  },
  'does not count': spoilt((_next, { revision }) => ({ revision })),
  'reopens what has ended': (request, event, context) =>
    transition(
      event.type === 'approve' && request.state === 'denied'
        ? { ...request, state: 'awaiting-approval', decisions: [] }
        : request,
      event,
      context,
    ),
  'never expires': (request, event, context) =>
    transition(event.type === 'expire' ? { ...request, decideBy: null } : request, event, context),
};
