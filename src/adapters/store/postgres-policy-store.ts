import type pg from 'pg';
import type { Person } from '../../core/person.ts';
import {
  type ApprovalPolicy,
  approvalPolicySchema,
  type PolicyDocument,
  policyVersionOf,
} from '../../core/policy/approval-policy.ts';
import type { PolicyRecord, PolicyStore } from '../../core/policy/policy-store.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import type { AuditEntry } from '../../core/store.ts';
import { auditRow, isOnRecord } from './audit-row.ts';
import { OneStatement } from './one-statement.ts';
import { Session } from './session.ts';

interface PolicyRow {
  readonly number: number;
  readonly version: string;
  readonly document: unknown;
  readonly changedBy: Person | null;
  readonly requestId: string | null;
  readonly at: Date;
}

/** The approval policy in PostgreSQL. The number of the latest version is read every time, the version itself once. */
export class PostgresPolicyStore implements PolicyStore {
  readonly #session: Session;
  readonly #now: () => Date;
  #known: PolicyRecord | null = null;

  constructor(pool: pg.Pool, patienceMs = 8000, now: () => Date = () => new Date()) {
    this.#session = new Session(pool, patienceMs);
    this.#now = now;
  }

  async current(): Promise<ApprovalPolicy> {
    const { version, document, changedBy } = await this.latest();
    return { version, document, changedBy };
  }

  async latest(): Promise<PolicyRecord> {
    const sql = 'select max(number) as number from switchyard.approval_policies';
    const { rows } = await this.#session.query<{ number: number | null }>(sql);
    const number = rows[0]?.number ?? 0;
    if (this.#known?.number !== number) this.#known = await this.#read(number);
    return this.#known;
  }

  begin(document: PolicyDocument, audit: AuditEntry): Promise<boolean> {
    const sql = `insert into switchyard.approval_policies (number, version, document, at)
      values (1, $1, $2, $3) on conflict do nothing`;
    return this.#audited(sql, [policyVersionOf(document), text(document), this.#now()], audit);
  }

  async add(number: number, document: PolicyDocument, requestId: string): Promise<boolean> {
    // Not taken out of the body by the database, which cannot look into one that has a NUL character anywhere.
    const asked = 'select body from switchyard.requests where id = $1';
    const [row] = (await this.#session.query<{ body: ProvisioningRequest }>(asked, [requestId])).rows;
    if (!row) return false;
    const sql = `insert into switchyard.approval_policies (number, version, document, changed_by, request_id, at)
      select $1::integer + 1, $2, $3, $6, $5, $4
      where $1 = (select max(number) from switchyard.approval_policies)
      on conflict do nothing`;
    const by = JSON.stringify(row.body.requester);
    const values = [number, policyVersionOf(document), text(document), this.#now(), requestId, by];
    const { rowCount } = await this.#session.query(sql, values);
    return rowCount === 1;
  }

  async knows(version: string): Promise<boolean> {
    const sql = 'select from switchyard.approval_policies where version = $1 limit 1';
    const { rowCount } = await this.#session.query(sql, [version]);
    return rowCount === 1;
  }

  /** The documents of these versions, each once. */
  async named(versions: readonly string[]): Promise<readonly Pick<PolicyRecord, 'version' | 'document'>[]> {
    const sql = `select distinct on (version) version, document from switchyard.approval_policies
      where version = any($1) order by version, number`;
    return (await this.#session.query<Pick<PolicyRecord, 'version' | 'document'>>(sql, [versions])).rows;
  }

  reset(number: number, document: PolicyDocument, audit: AuditEntry): Promise<boolean> {
    const sql = `insert into switchyard.approval_policies (number, version, document, at)
      select $1::integer + 1, $2, $3, $4
      where $1 = (select max(number) from switchyard.approval_policies)
      on conflict do nothing`;
    return this.#audited(sql, [number, policyVersionOf(document), text(document), this.#now()], audit);
  }

  /** A new version and its audit entry, or neither. */
  async #audited(sql: string, values: unknown[], audit: AuditEntry): Promise<boolean> {
    const entry = auditRow(audit, this.#now(), null);
    const statement = new OneStatement({ sql, values }).entry(entry);
    return this.#session.change(statement, (database) => isOnRecord(database, entry));
  }

  async #read(number: number): Promise<PolicyRecord> {
    const sql = `select number, version, document, changed_by as "changedBy", request_id as "requestId", at
      from switchyard.approval_policies where number = $1`;
    const { rows } = await this.#session.query<PolicyRow>(sql, [number]);
    const [row] = rows;
    if (!row) throw new Error('There is no approval policy yet.');
    return { ...row, document: approvalPolicySchema.parse(row.document), at: row.at.toISOString() };
  }
}

function text(document: PolicyDocument): string {
  return JSON.stringify(document);
}
