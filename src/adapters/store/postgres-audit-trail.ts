import type pg from 'pg';
import type { AuditFilter, AuditTrail } from '../../core/audit/audit-trail.ts';
import type { AuditRecord, Link } from '../../core/audit/chain.ts';
import { Session } from './session.ts';

const portion = 1000;

interface HeadRow {
  readonly trail: string;
  readonly seq: number;
  readonly hash: string;
}

/** The audit trail in PostgreSQL, for reading. */
export class PostgresAuditTrail implements AuditTrail {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async id(): Promise<string> {
    return (await this.#head()).trail;
  }

  async head(): Promise<Link> {
    const { seq, hash } = await this.#head();
    return { seq, hash };
  }

  async *records({ after = 0, upTo, requestId }: AuditFilter = {}): AsyncGenerator<AuditRecord> {
    let last = after;
    for (;;) {
      const { rows } = await this.#session.query<AuditRecord>(
        `select seq::float8 as seq, previous, hash, entry::text as entry from switchyard.audit
         where seq > $1 and ($2::bigint is null or seq <= $2) and ($3::text is null or entry ->> 'requestId' = $3)
         order by seq limit ${portion}`,
        [last, upTo ?? null, requestId ?? null],
      );
      yield* rows;
      if (rows.length < portion) return;
      last = rows.at(-1)?.seq ?? last;
    }
  }

  async #head(): Promise<HeadRow> {
    const sql = 'select trail, seq::float8 as seq, hash from switchyard.audit_head';
    const { rows } = await this.#session.query<HeadRow>(sql);
    if (rows[0]) return rows[0];
    throw new Error('The head of the audit trail is gone from the database.');
  }
}
