import type pg from 'pg';
import { PostgresAuditTrail } from '../../src/adapters/store/postgres-audit-trail.ts';
import { type AuditEvent, AuditEventSchema } from '../../src/core/audit/audit-event.ts';

/** Everything the trail says about one thing, in order. */
export async function auditEventsOf(pool: pg.Pool, requestId: string): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const { entry } of new PostgresAuditTrail(pool).records({ requestId })) {
    events.push(AuditEventSchema.parse(JSON.parse(entry)));
  }
  return events;
}
