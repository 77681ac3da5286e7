import { randomUUID } from 'node:crypto';
import { auditEvent } from '../../src/core/audit/audit-event.ts';
import type { AuditFilter, AuditTrail, CheckpointBook } from '../../src/core/audit/audit-trail.ts';
import { type AuditRecord, chainEntry, genesis, type Link } from '../../src/core/audit/chain.ts';
import type { Checkpoint } from '../../src/core/audit/checkpoint.ts';
import { auditOf, sampleRequest } from '../support/sample-request.ts';

/** A trail that tests can write to, and tamper with. */
export class MemoryTrail implements AuditTrail {
  written: AuditRecord[] = [];
  readonly #request = sampleRequest();

  async id(): Promise<string> {
    return await Promise.resolve('memory');
  }

  async head(): Promise<Link> {
    return await Promise.resolve(this.written.at(-1) ?? genesis);
  }

  async *records({ after = 0, upTo = Number.POSITIVE_INFINITY }: AuditFilter = {}): AsyncGenerator<AuditRecord> {
    await Promise.resolve();
    for (const record of this.written) if (record.seq > after && record.seq <= upTo) yield record;
  }

  grow(by: number): void {
    for (let count = 0; count < by; count += 1) {
      const event = auditEvent(auditOf(this.#request), new Date(), randomUUID(), null);
      this.written.push(chainEntry(this.written.at(-1) ?? genesis, event));
    }
  }
}

/** A book of checkpoints without signatures. */
export class MemoryBook implements CheckpointBook {
  readonly checkpoints: Checkpoint[] = [];

  async newest(): Promise<Checkpoint | null> {
    return await Promise.resolve(this.checkpoints.at(-1) ?? null);
  }

  async add(checkpoint: Checkpoint): Promise<void> {
    this.checkpoints.push(checkpoint);
    await Promise.resolve();
  }
}
