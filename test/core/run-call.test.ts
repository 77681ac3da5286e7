import { describe, expect, it } from 'vitest';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import { runCall, undoCall } from '../../src/core/transitions/run-call.ts';
import { rita } from '../support/people.ts';

function requestFor(id: string, workflow: string, domain: string, tenantId = 't-1'): ProvisioningRequest {
  const wanted = { id, workflow, version: 1, title: 't', tenant: { id: tenantId, name: 'contoso' } };
  return openRequest({ ...wanted, input: { domain }, requester: rita, conversation: 'c' }, 'n', new Date(0));
}

describe('the lock a run holds', () => {
  const lock = requestFor('R-22222222', 'lock-down', 'contoso.com');
  const other = requestFor('R-33333333', 'set-up-gateway', 'sales.contoso.com');

  it('is its tenant’s, so it holds for every domain of the tenant and for every workflow', () => {
    const holders = [runCall(lock), undoCall(lock), runCall(other), undoCall(other)];
    expect(new Set(holders.map(({ partition }) => partition))).toEqual(new Set(['t-1']));
  });

  it('is not another tenant’s', () => {
    expect(runCall(requestFor('R-44444444', 'lock-down', 'contoso.com', 't-2')).partition).toBe('t-2');
  });

  it('is asked for under a name of its own by every plan and by every try to undo', () => {
    const again = { ...lock, planVersion: 2, undoTries: 1 };
    const ids = [runCall(lock), runCall(again), undoCall(again), undoCall({ ...again, undoTries: 2 })].map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(4);
  });
});
