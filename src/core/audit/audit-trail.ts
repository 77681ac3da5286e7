import type { AuditRecord, Link } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Which entries to read. */
export interface AuditFilter {
  /** Only entries after this number. Default 0: from the first. */
  readonly after?: number;
  /** Only entries up to this number. Default: to the end. */
  readonly upTo?: number;
  readonly requestId?: string;
}

/** Reading the audit trail. Nothing here can change it. */
export interface AuditTrail {
  /** Random id of this trail: what its checkpoints are about. */
  id(): Promise<string>;
  head(): Promise<Link>;
  /** In the order of their numbers, read in portions. */
  records(filter?: AuditFilter): AsyncIterable<AuditRecord>;
}

/** Where signed checkpoints are kept: outside the database, so that its owner cannot rewrite both. */
export interface CheckpointBook {
  /** The one signed last, or null. Throws `CheckpointError` when the book is not as it was written. */
  newest(): Promise<Checkpoint | null>;
  /** Signs it and writes it down. */
  add(checkpoint: Checkpoint): Promise<void>;
}

/** Name of a trail in its checkpoints and keys. */
export function originOf(trailId: string): string {
  return `switchyard/${trailId}`;
}
