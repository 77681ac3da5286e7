import { randomUUID } from 'node:crypto';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import { type AuditRecord, chainEntry, genesis, type Link } from '../../src/core/audit/chain.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

/** A chain of so many entries, as it would have been written. */
export function sampleTrail(length: number, salt = 'entry'): AuditRecord[] {
  const request = sampleRequest();
  const records: AuditRecord[] = [];
  for (let index = 1; index <= length; index += 1) {
    const last: Link = records.at(-1) ?? genesis;
    const at = new Date(Date.UTC(2026, 10, 21, 9, 0, index));
    records.push(chainEntry(last, auditEvent(auditOf(request, `${salt} ${index}`), at, randomUUID(), null)));
  }
  return records;
}

/** The same records under new numbers from `first`, as somebody would write them to hide a gap or a newcomer. */
export function renumbered(records: readonly AuditRecord[], first = 1): AuditRecord[] {
  return records.map((record, index) => ({ ...record, seq: first + index }));
}

/** Everything that is read, at once. */
export async function allOf(records: AsyncIterable<AuditRecord>): Promise<AuditRecord[]> {
  const all: AuditRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}
