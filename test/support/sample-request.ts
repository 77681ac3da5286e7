import { randomBytes } from 'node:crypto';
import type { Person } from '../../src/core/person.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import type { AuditEntry, Effect } from '../../src/core/store.ts';

const rita: Person = {
  tenantId: '0b0b0b0b-0000-4000-8000-000000000001',
  objectId: '11111111-0000-4000-8000-000000000001',
  name: 'Rita',
};

/** A new request for a tenant. */
export function sampleRequest(
  tenantId = 'c0000000-0000-4000-8000-000000000001',
  now = new Date(),
): ProvisioningRequest {
  const id = `R-${randomBytes(6).toString('hex').toUpperCase()}`;
  return openRequest(
    {
      id,
      workflow: 'set-up-gateway',
      version: 1,
      title: 'Set up ExchangeDefender for contoso.com',
      tenant: { id: tenantId, name: 'contoso' },
      // Two open requests for the same thing cannot be stored.
      input: { domain: `${id.toLowerCase()}.example` },
      requester: rita,
      conversation: '19:mail-ops@thread.tacv2;messageid=1',
    },
    'nonce',
    now,
  );
}

/** The request's next revision. */
export function nextRevision(
  request: ProvisioningRequest,
  change: Partial<ProvisioningRequest> = {},
): ProvisioningRequest {
  return { ...request, ...change, revision: request.revision + 1 };
}

export function auditOf(request: ProvisioningRequest, action = 'request'): AuditEntry {
  return { action, requestId: request.id, tenantId: request.tenant.id, actor: rita, outcome: 'accepted', detail: {} };
}

export function noticeOf(request: ProvisioningRequest, id: string): Effect {
  const notice = { requestId: request.id, headline: id, body: '', details: [], tone: 'neutral' } as const;
  return { kind: 'notice', id, audience: 'thread', notice: { kind: 'finished', ...notice } };
}

export function cardOf(request: ProvisioningRequest): Effect {
  return { kind: 'card', requestId: request.id };
}

export function startOf(request: ProvisioningRequest, id = `run-${request.id}`): Effect {
  return { kind: 'start', call: { function: 'f@1', id, input: {}, partition: request.tenant.id } };
}
