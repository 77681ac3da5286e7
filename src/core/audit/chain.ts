import { canonicalJson, sha256 } from '../json.ts';
import type { UncountedEvent } from './audit-event.ts';

/** A place in the chain: how many entries there are up to here, and the hash that stands for all of them. */
export interface Link {
  readonly seq: number;
  /** 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

/** One entry as it is stored: its number, its text, and how it hangs on the one before. */
export interface AuditRecord extends Link {
  /** Hash of the entry before, that of {@link genesis} for the first. */
  readonly previous: string;
  /** Canonical JSON (RFC 8785) of an audit event, to the byte. */
  readonly entry: string;
}

/** The link before the first entry. */
export const genesis: Link = { seq: 0, hash: '0'.repeat(64) };

/** The next entry of a chain. The database does the same under its lock; this is what it is measured by. */
export function chainEntry(previous: Link, event: UncountedEvent): AuditRecord {
  const entry = canonicalJson(event);
  const seq = previous.seq + 1;
  return { seq, previous: previous.hash, hash: linkHash(previous.hash, seq, sha256(entry)), entry };
}

/**
 * Hash of a link: SHA-256 over three lines, the hash before, the number, and the SHA-256 of the entry. Because the
 * entry goes in as a hash, the chain can be followed past entries that the reader must not see.
 */
export function linkHash(previous: string, seq: number, entryHash: string): string {
  return sha256(`${previous}\n${seq}\n${entryHash}`);
}

/** Whether an entry's hash is that of its content under the number `seq`. */
export function holdsAs(record: AuditRecord, seq: number): boolean {
  return linkHash(record.previous, seq, sha256(record.entry)) === record.hash;
}
