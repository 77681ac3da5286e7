import { describe, expect, it } from 'vitest';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { ocsfEvent } from '../../src/core/audit/ocsf-event.ts';
import { canonicalJson } from '../../src/core/json.ts';
import type { AuditEntry } from '../../src/core/store.ts';

/** What an entry becomes in OCSF. */
function exported(requestId: string, action: string, outcome: AuditEntry['outcome'] = 'accepted') {
  const entry = { action, requestId, tenantId: 't', actor: null, outcome, detail: {} };
  const event = auditEvent(entry, new Date('2026-11-21T09:00:00Z'), 'e-1', null);
  return ocsfEvent({ seq: 1, previous: '', hash: '', entry: canonicalJson(event) }, event, '1');
}

describe('an exported entry', () => {
  it.each([
    ['R-7K2QXD4M', 'requested', 'Request', 'Create'],
    ['consent:0123456789ab', 'consent-answered', 'Consent', 'Update'],
    ['subscriptions', 'subscribed', 'Subscription', 'Create'],
    ['subscriptions', 'unsubscribed', 'Subscription', 'Delete'],
    ['audit-trail', 'evidence-exported', 'Audit Trail', 'Read'],
  ])('about %s (%s) is of the entity %s and says %s', (requestId, action, type, activity) => {
    expect(exported(requestId, action)).toMatchObject({ entity: { type }, activity_name: activity });
  });

  it('that was refused created nothing', () => {
    expect(exported('R-7K2QXD4M', 'requested', 'refused')).toMatchObject({
      activity_id: 99,
      activity_name: 'Refused: requested',
      status: 'Failure',
    });
  });
});
