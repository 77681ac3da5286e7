import type { Person } from '../person.ts';
import type { AuditEntry } from '../store.ts';
import type { PolicyDocument } from './approval-policy.ts';
import type { PolicySource } from './policy-source.ts';

/** One version of the policy as it is kept for ever. */
export interface PolicyRecord {
  /** Counts from 1. */
  readonly number: number;
  readonly version: string;
  readonly document: PolicyDocument;
  /** Who asked for it; null for the first one, which was made from the configuration. */
  readonly changedBy: Person | null;
  /** The request that made it, null for the first one. */
  readonly requestId: string | null;
  /** ISO time. */
  readonly at: string;
}

/** Where versions of the policy are kept. They are added and never changed. */
export interface PolicyStore extends PolicySource {
  /** The version in force. */
  latest(): Promise<PolicyRecord>;
  /** Makes the first version, together with its audit entry; false when there is one already, which then stays. */
  begin(document: PolicyDocument, audit: AuditEntry): Promise<boolean>;
  /** Whether this very policy was in force at some time. */
  knows(version: string): Promise<boolean>;
  /**
   * Puts a policy of the configuration in force after `number`, in nobody's name and together with its audit entry; false
   * when that is not the latest, and then nothing is written.
   */
  reset(number: number, document: PolicyDocument, audit: AuditEntry): Promise<boolean>;
  /**
   * Adds the version after `number`, in the name of whoever asked for the request; false when it is not the latest any
   * more, and then nothing is added.
   */
  add(number: number, document: PolicyDocument, requestId: string): Promise<boolean>;
}
