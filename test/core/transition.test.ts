import { describe, expect, it } from 'vitest';
import type { RequestEvent } from '../../src/core/request-event.ts';
import { transition } from '../../src/core/transition.ts';
import { eve } from '../support/people.ts';
import { brokenRule, type TransitionFunction } from './transition-model.ts';

type Vote = Extract<RequestEvent, { type: 'approve' | 'deny' }>;

function isVote(event: RequestEvent): event is Vote {
  return event.type === 'approve' || event.type === 'deny';
}

const asApprover = { ...eve, roles: ['approver'] as const };

/** Gates with one fault each, as a careless change could make them. */
const faults: Record<string, TransitionFunction> = {
  'lets people approve their own request': (request, event, context) => {
    const result = transition({ ...request, requester: { ...request.requester, objectId: 'nobody' } }, event, context);
    return result.kind === 'moved'
      ? { ...result, request: { ...result.request, requester: request.requester } }
      : result;
  },
  'does not look at the role': (request, event, context) =>
    transition(request, isVote(event) ? { ...event, actor: { ...event.actor, roles: ['approver'] } } : event, context),
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
  'keeps the approval of a superseded plan': (request, event, context) => {
    const result = transition(request, event, context);
    if (event.type !== 'superseded' || result.kind !== 'moved') return result;
    return { ...result, request: { ...result.request, decisions: request.decisions } };
  },
  'starts a run twice': (request, event, context) =>
    transition(
      event.type === 'run-started' && request.state === 'running' ? { ...request, state: 'approved' } : request,
      event,
      context,
    ),
  'lets anybody cancel': (request, event, context) =>
    transition(request, event.type === 'cancel' ? { ...event, actor: asApprover } : event, context),
  'confirms another plan': (request, event, context) =>
    transition(event.type === 'confirmed' && request.plan ? { ...request, plan: event.plan } : request, event, context),
  'keeps the nonce for a new plan': (request, event, context) =>
    transition(request, event, { ...context, nonce: request.nonce }),
  'forgets who voted': (request, event, context) => {
    const result = transition(request, event, context);
    return result.kind === 'refused' && result.code === 'already' ? { ...result, code: 'wrong-state' } : result;
  },
  'does not count': (request, event, context) => {
    const result = transition(request, event, context);
    return result.kind === 'moved' ? { ...result, request: { ...result.request, revision: request.revision } } : result;
  },
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

describe('the gate', () => {
  it('keeps every rule in random stories', () => {
    expect(brokenRule(transition, 5000)).toBe(null);
  });

  it.each(Object.entries(faults))('is caught by the model when it %s', (_fault, faulty) => {
    expect(brokenRule(faulty, 3000)).toContain('broken rule');
  });
});
