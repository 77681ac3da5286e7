import type pg from 'pg';
import type { AuditEntry } from '../../core/store.ts';
import type { KeptSignIn, SignedIn, SignInRequest, SignInStore } from '../../ports/sign-in.ts';
import { auditRow } from './audit-row.ts';
import { OneStatement, type Statements } from './one-statement.ts';
import { Session } from './session.ts';
import { signingKey } from './signing-key.ts';

const KEY_NAME = 'sign-in-state';
/** Long enough to tell somebody who comes back late that the link was used. */
const KEPT = '7 days';

type Outcome = Parameters<SignInStore['settle']>[1];

interface Row {
  readonly request: SignInRequest;
  readonly state: KeptSignIn['state'];
  readonly isExpired: boolean;
  readonly signedIn: SignedIn | null;
  readonly browserHash: string | null;
}

/** Sign-ins in PostgreSQL. They expire by the clock of the database, which all processes share. */
export class PostgresSignInStore implements SignInStore {
  readonly #session: Session;
  readonly #now: () => Date;
  #key: Uint8Array | null = null;

  /** `now` is the product's clock, for the audit trail. */
  constructor(pool: pg.Pool, patienceMs = 8000, now: () => Date = () => new Date()) {
    this.#session = new Session(pool, patienceMs);
    this.#now = now;
  }

  async signingKey(): Promise<Uint8Array> {
    this.#key ??= await signingKey(this.#session, KEY_NAME);
    return this.#key;
  }

  async add(idHash: string, request: SignInRequest, validForSeconds: number): Promise<void> {
    await this.#session.query(`delete from switchyard.sign_ins where expires_at < now() - interval '${KEPT}'`);
    const sql = `insert into switchyard.sign_ins (id_hash, request, expires_at)
      values ($1, $2, now() + make_interval(secs => $3)) on conflict do nothing`;
    await this.#session.query(sql, [idHash, JSON.stringify(request), validForSeconds]);
  }

  async find(idHash: string): Promise<KeptSignIn | null> {
    const sql = `select request, state, expires_at <= now() as "isExpired", signed_in as "signedIn",
      browser_hash as "browserHash" from switchyard.sign_ins where id_hash = $1`;
    const { rows } = await this.#session.query<Row>(sql, [idHash]);
    return rows[0] ?? null;
  }

  async settle(idHash: string, outcome: Outcome, audit: AuditEntry | null): Promise<boolean> {
    const sql = `update switchyard.sign_ins set state = $2, signed_in = $3, browser_hash = $4
      where id_hash = $1 and state = 'open' and expires_at > now()`;
    const values =
      outcome === 'failed'
        ? [idHash, 'failed', null, null]
        : [idHash, 'signed-in', JSON.stringify(outcome.signedIn), outcome.browserHash];
    const statement = new OneStatement({ sql, values }).entry(audit && auditRow(audit, this.#now(), null));
    return this.#session.change(statement, async (database) => {
      return outcome !== 'failed' && (await isSettled(database, idHash, outcome.browserHash));
    });
  }

  async note(audit: AuditEntry): Promise<void> {
    await this.#session.change(new OneStatement(null).entry(auditRow(audit, this.#now(), null)));
  }

  async use(idHash: string): Promise<boolean> {
    const sql = `update switchyard.sign_ins set state = 'used'
      where id_hash = $1 and state = 'signed-in' and expires_at > now()`;
    const { rowCount } = await this.#session.query(sql, [idHash]);
    return rowCount === 1;
  }
}

/** Whether this very browser was let in by an earlier attempt whose answer got lost. */
async function isSettled(database: Statements, idHash: string, browserHash: string): Promise<boolean> {
  const sql = `select 1 from switchyard.sign_ins where id_hash = $1 and state = 'signed-in' and browser_hash = $2`;
  const { rows } = await database.query(sql, [idHash, browserHash]);
  return rows.length === 1;
}
