import type { Audience, Notice } from '../notice.ts';
import type { Actor, Person } from '../person.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import { sourceOf } from '../source-of.ts';
import type { AuditEntry, Effect } from '../store.ts';
import { standing } from './standing.ts';

/** A transition that changes the request, as its next revision. */
export function moved(
  request: ProvisioningRequest,
  context: GateContext,
  effects: readonly Effect[],
  entry: AuditEntry | null,
): Extract<Transition, { kind: 'moved' }> {
  const next = { ...request, revision: request.revision + 1, updatedAt: context.now.toISOString() };
  return { kind: 'moved', request: next, effects, audit: entry };
}

/** What was wanted came too early or too late. */
export function wrongState(request: ProvisioningRequest): Transition {
  const reason = `${standing(request)} So that cannot be done now.`;
  return { kind: 'refused', code: 'wrong-state', reason, audit: null };
}

/** The living card shows the request as it now is. */
export function card(request: ProvisioningRequest): Effect {
  return { kind: 'card', requestId: request.id };
}

/** One notice for each audience; `key` tells the notices of one request apart. */
export function tell(
  request: ProvisioningRequest,
  key: string,
  notice: Notice,
  audiences: readonly Audience[],
): Effect[] {
  return audiences.map((audience) => ({ kind: 'notice', id: `${request.id}:${key}:${audience}`, audience, notice }));
}

/** The actor without their roles, which hold for one moment only. */
export function personOf(actor: Actor): Person {
  return { tenantId: actor.tenantId, objectId: actor.objectId, name: actor.name };
}

/** An entry of the audit trail; no actor means Switchyard itself. */
export function audit(
  request: ProvisioningRequest,
  action: string,
  actor: Actor | null,
  detail: AuditEntry['detail'],
  outcome: AuditEntry['outcome'] = 'accepted',
): AuditEntry {
  const { digest = request.plan?.digest } = detail;
  return {
    action,
    requestId: request.id,
    tenantId: request.tenant.id,
    actor: actor && personOf(actor),
    outcome,
    ...sourceOf(actor, request.conversation),
    ...(typeof digest === 'string' ? { digest } : {}),
    detail,
  };
}
