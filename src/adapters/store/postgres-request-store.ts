import type pg from 'pg';
import { owed } from '../../core/break-glass.ts';
import { digestOf } from '../../core/json.ts';
import type { Person } from '../../core/person.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import type { AuditEntry, Effect, RequestFilter, RequestStore } from '../../core/store.ts';
import { storedRequest } from '../../core/stored-request.ts';
import { auditRow, isOnRecord } from './audit-row.ts';
import { OneStatement, type Statements } from './one-statement.ts';
import { Session } from './session.ts';

interface RequestRow {
  readonly body: ProvisioningRequest;
}

/** Requests, their effects and the audit trail in PostgreSQL. */
export class PostgresRequestStore implements RequestStore {
  readonly #session: Session;
  readonly #now: () => Date;

  /** `now` is the product's time, which audit entries carry. */
  constructor(pool: pg.Pool, patienceMs = 8000, now: () => Date = () => new Date()) {
    this.#session = new Session(pool, patienceMs);
    this.#now = now;
  }

  create(request: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry): Promise<boolean> {
    const sql = `insert into switchyard.requests
         (id, revision, state, decide_by, updated_at, body, next_due, due_policy, owed_by,
          tenant_id, conversation, created_at, wish)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`;
    const more = [request.tenant.id, request.conversation, request.createdAt, wishOf(request)];
    return this.#store(request, { sql, values: [...columnsOf(request), ...more] }, effects, audit);
  }

  async get(id: string): Promise<ProvisioningRequest | null> {
    const { rows } = await this.#session.query<RequestRow>('select body from switchyard.requests where id = $1', [id]);
    return rows[0] ? storedRequest(rows[0].body) : null;
  }

  /** The request with nothing added to what an older program stored: the audit trail has the hash of exactly this. */
  async asStored(id: string): Promise<ProvisioningRequest | null> {
    const { rows } = await this.#session.query<RequestRow>('select body from switchyard.requests where id = $1', [id]);
    return rows[0]?.body ?? null;
  }

  async list(filter: RequestFilter): Promise<readonly ProvisioningRequest[]> {
    const { states, tenantId, dueBefore, dueUnderAnother, owedBy, changedAfter, limit = 50 } = filter;
    const { rows } = await this.#session.query<RequestRow>(
      `select body from switchyard.requests
       where ($1::text[] is null or state = any($1))
         and ($2::text is null or tenant_id = $2)
         and ($3::timestamptz is null or next_due <= $3)
         and ($4::text is null or (next_due is not null and due_policy <> $4))
         and ($5::text[] is null or owed_by = any($5))
         and ($6::timestamptz is null or updated_at > $6)
       order by ${dueBefore === undefined ? '' : 'next_due, '}created_at desc, id limit $7`,
      [
        states ?? null,
        tenantId ?? null,
        dueBefore ?? null,
        dueUnderAnother ?? null,
        owedBy?.map(keyOf) ?? null,
        changedAfter ?? null,
        limit,
      ],
    );
    return rows.map(({ body }) => storedRequest(body));
  }

  save(next: ProvisioningRequest, effects: readonly Effect[], audit: AuditEntry | null): Promise<boolean> {
    const sql = `update switchyard.requests set revision = $2, state = $3, decide_by = $4, updated_at = $5, body = $6,
         next_due = $7, due_policy = $8, owed_by = $9
       where id = $1 and revision = $2 - 1`;
    return this.#store(next, { sql, values: columnsOf(next) }, effects, audit);
  }

  async record(audit: AuditEntry): Promise<void> {
    await this.#session.change(new OneStatement(null).entry(auditRow(audit, this.#now(), null)));
  }

  async #store(
    next: ProvisioningRequest,
    change: { readonly sql: string; readonly values: readonly unknown[] },
    effects: readonly Effect[],
    audit: AuditEntry | null,
  ): Promise<boolean> {
    const entry = audit && auditRow(audit, this.#now(), next);
    const statement = new OneStatement(change).effects(next.id, effects).entry(entry);
    return this.#session.change(statement, (database) =>
      entry ? isOnRecord(database, entry) : isStored(database, next),
    );
  }
}

/** What is asked for, whoever asks: while one such request is open there is no second one. */
function wishOf({ workflow, tenant, input }: ProvisioningRequest): string {
  return digestOf({ workflow, tenant: tenant.id, input });
}

function columnsOf(request: ProvisioningRequest): unknown[] {
  const { id, revision, state, decideBy, updatedAt, clocks, breakGlass } = request;
  const owedBy = breakGlass && owed(request) !== null ? keyOf(breakGlass.by) : null;
  const body = JSON.stringify(request);
  return [id, revision, state, decideBy, updatedAt, body, clocks.nextDue, clocks.duePolicy, owedBy];
}

function keyOf({ tenantId, objectId }: Pick<Person, 'tenantId' | 'objectId'>): string {
  return `${tenantId}/${objectId}`;
}

/** Whether exactly this revision was stored by an earlier attempt whose answer got lost. */
async function isStored(database: Statements, request: ProvisioningRequest): Promise<boolean> {
  const sql = 'select 1 from switchyard.requests where id = $1 and revision = $2 and body::text = $3';
  const { rows } = await database.query(sql, [request.id, request.revision, JSON.stringify(request)]);
  return rows.length === 1;
}
