import type { Audience, Notice } from '../notice.ts';
import type { Actor, Person } from '../person.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import type { AuditEntry, Effect } from '../store.ts';

export function moved(
  request: ProvisioningRequest,
  context: GateContext,
  effects: readonly Effect[],
  entry: AuditEntry | null,
): Extract<Transition, { kind: 'moved' }> {
  const next = { ...request, revision: request.revision + 1, updatedAt: context.now.toISOString() };
  return { kind: 'moved', request: next, effects, audit: entry };
}

export function wrongState(request: ProvisioningRequest, what: string): Transition {
  const reason = `${request.id} is ${request.state}; ${what} is not possible any more.`;
  return { kind: 'refused', code: 'wrong-state', reason, audit: null };
}

export function card(request: ProvisioningRequest): Effect {
  return { kind: 'card', requestId: request.id };
}

export function tell(
  request: ProvisioningRequest,
  key: string,
  notice: Notice,
  audiences: readonly Audience[],
): Effect[] {
  return audiences.map((audience) => ({ kind: 'notice', id: `${request.id}:${key}:${audience}`, audience, notice }));
}

export function personOf(actor: Actor): Person {
  return { tenantId: actor.tenantId, objectId: actor.objectId, name: actor.name };
}

export function audit(
  request: ProvisioningRequest,
  action: string,
  actor: Actor | null,
  detail: AuditEntry['detail'],
  outcome: AuditEntry['outcome'] = 'accepted',
): AuditEntry {
  const by = actor && personOf(actor);
  return { action, requestId: request.id, tenantId: request.tenant.id, actor: by, outcome, detail };
}
