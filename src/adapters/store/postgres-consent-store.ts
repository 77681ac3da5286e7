import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { ConsentOutcome, ConsentRequest, ConsentStore } from '../../ports/admin-consent.ts';
import { Session } from './session.ts';

const KEY_NAME = 'consent-state';
const KEY_BYTES = 32;
/** How long an outcome can be asked for after its link has expired. */
const KEPT = '30 days';

/** Consent links in PostgreSQL. They expire by the clock of the database, which all processes share. */
export class PostgresConsentStore implements ConsentStore {
  readonly #session: Session;
  #key: Uint8Array | null = null;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async signingKey(): Promise<Uint8Array> {
    this.#key ??= await this.#readKey();
    return this.#key;
  }

  async add(id: string, { tenantId, requesterId }: ConsentRequest, validForSeconds: number): Promise<void> {
    await this.#session.query(`delete from switchyard.consents where expires_at < now() - interval '${KEPT}'`);
    const sql = `insert into switchyard.consents (id, tenant_id, requester_id, expires_at)
      values ($1, $2, $3, now() + make_interval(secs => $4)) on conflict do nothing`;
    await this.#session.query(sql, [id, tenantId, requesterId, validForSeconds]);
  }

  async find(id: string): Promise<ConsentRequest | null> {
    const sql = `select tenant_id as "tenantId", requester_id as "requesterId" from switchyard.consents where id = $1`;
    const { rows } = await this.#session.query<{ tenantId: string; requesterId: string }>(sql, [id]);
    return rows[0] ?? null;
  }

  async take(id: string): Promise<boolean> {
    const sql = `update switchyard.consents set taken_at = now()
      where id = $1 and taken_at is null and expires_at > now()`;
    const { rowCount } = await this.#session.query(sql, [id]);
    return rowCount === 1;
  }

  async settle(id: string, outcome: ConsentOutcome): Promise<void> {
    await this.#session.query('update switchyard.consents set outcome = $2 where id = $1', [
      id,
      JSON.stringify(outcome),
    ]);
  }

  async outcomeOf(id: string): Promise<ConsentOutcome | null> {
    const sql = 'select outcome from switchyard.consents where id = $1';
    const { rows } = await this.#session.query<{ outcome: ConsentOutcome }>(sql, [id]);
    return rows[0]?.outcome ?? null;
  }

  /** Whoever comes first makes it. */
  async #readKey(): Promise<Uint8Array> {
    const made = 'insert into switchyard.signing_keys (name, key) values ($1, $2) on conflict do nothing';
    await this.#session.query(made, [KEY_NAME, randomBytes(KEY_BYTES)]);
    const sql = 'select key from switchyard.signing_keys where name = $1';
    const { rows } = await this.#session.query<{ key: Buffer }>(sql, [KEY_NAME]);
    const key = rows[0]?.key;
    if (key?.length !== KEY_BYTES) throw new Error('the key for consent states is not as it was made');
    return key;
  }
}
