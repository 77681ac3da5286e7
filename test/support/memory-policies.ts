import type { Person } from '../../src/core/person.ts';
import { type ApprovalPolicy, type PolicyDocument, policyVersionOf } from '../../src/core/policy/approval-policy.ts';
import type { PolicyRecord, PolicyStore } from '../../src/core/policy/policy-store.ts';
import type { AuditEntry } from '../../src/core/store.ts';
import type { PolicyBook } from '../../src/ports/policies.ts';
import { MemoryPeople } from './memory-people.ts';
import { rita } from './people.ts';
import { policyDocument } from './policy.ts';

/** Versions of the approval policy in memory. */
export class MemoryPolicies implements PolicyStore, PolicyBook {
  readonly records: PolicyRecord[] = [];
  /** What was written together with a version. */
  readonly audit: AuditEntry[] = [];
  offersSignIn = true;
  readonly people = new MemoryPeople();
  /** In whose name the next version is added. */
  changedBy: Person | null = rita;

  constructor(document: PolicyDocument = policyDocument()) {
    this.#append(document, null, null);
  }

  /** The policy in force. */
  get inForce(): ApprovalPolicy {
    const { version, document, changedBy } = this.#last();
    return { version, document, changedBy };
  }

  async current(): Promise<ApprovalPolicy> {
    return this.inForce;
  }

  async latest(): Promise<PolicyRecord> {
    return this.#last();
  }

  async begin(): Promise<boolean> {
    return false;
  }

  async knows(version: string): Promise<boolean> {
    return this.records.some((one) => one.version === version);
  }

  async reset(number: number, document: PolicyDocument, audit: AuditEntry): Promise<boolean> {
    if (number !== this.#last().number) return false;
    this.audit.push(audit);
    this.#append(document, null, null);
    return true;
  }

  async add(number: number, document: PolicyDocument, requestId: string): Promise<boolean> {
    if (number !== this.#last().number) return false;
    this.#append(document, this.changedBy, requestId);
    return true;
  }

  async replace(number: number, document: PolicyDocument): Promise<void> {
    await this.add(number, document, 'R-22222222');
  }

  #append(document: PolicyDocument, changedBy: Person | null, requestId: string | null): void {
    const number = this.records.length + 1;
    const at = '2026-11-21T09:00:00.000Z';
    this.records.push({ number, version: policyVersionOf(document), document, changedBy, requestId, at });
  }

  #last(): PolicyRecord {
    const last = this.records.at(-1);
    if (!last) throw new Error('there is no policy');
    return last;
  }
}
