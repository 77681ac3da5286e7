import type pg from 'pg';
import { consentName } from '../../core/consent-name.ts';
import type { AuditEntry, SentMessage } from '../../core/store.ts';
import type { Asked, ConsentOutcome, ConsentRequest, ConsentStore, Taking } from '../../ports/admin-consent.ts';
import { auditRow } from './audit-row.ts';
import { OneStatement } from './one-statement.ts';
import { Session } from './session.ts';
import { signingKey } from './signing-key.ts';

const KEY_NAME = 'consent-state';
/** How long an outcome can be asked for after its link has expired. */
const KEPT = '30 days';

/** Consent links in PostgreSQL. They expire by the clock of the database, which all processes share. */
export class PostgresConsentStore implements ConsentStore {
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

  async add(id: string, request: ConsentRequest, validForSeconds: number, asked: Asked): Promise<void> {
    const { tenantId, requesterId, conversation } = request;
    await this.#session.query(`delete from switchyard.consents where expires_at < now() - interval '${KEPT}'`);
    const sql = `insert into switchyard.consents (id, tenant_id, requester_id, expires_at, conversation)
      values ($1, $2, $3, now() + make_interval(secs => $4), $5) on conflict do nothing`;
    const values = [id, tenantId, requesterId, validForSeconds, conversation];
    const audit = {
      action: 'consent-asked',
      requestId: consentName(id),
      tenantId,
      outcome: 'accepted',
      detail: {},
    } as const;
    const entry = auditRow({ ...audit, ...asked }, this.#now(), null);
    await this.#session.change(new OneStatement({ sql, values }).entry(entry));
  }

  async find(id: string): Promise<ConsentRequest | null> {
    const sql = `select tenant_id as "tenantId", requester_id as "requesterId", conversation
      from switchyard.consents where id = $1`;
    const { rows } = await this.#session.query<{ [Field in keyof ConsentRequest]: ConsentRequest[Field] }>(sql, [id]);
    return rows[0] ?? null;
  }

  async take(id: string, withinSeconds: number): Promise<Taking> {
    const sql = `update switchyard.consents set taken_at = now()
      where id = $1 and outcome ->> 'kind' = 'open' and (taken_at < now() - make_interval(secs => $2)
        or taken_at is null and expires_at > now())`;
    const { rowCount } = await this.#session.query(sql, [id, withinSeconds]);
    if (rowCount === 1) return 'ours';
    const inHand = `select from switchyard.consents
      where id = $1 and outcome ->> 'kind' = 'open' and taken_at is not null`;
    return (await this.#session.query(inHand, [id])).rowCount === 1 ? 'in-hand' : 'over';
  }

  async settle(id: string, outcome: ConsentOutcome): Promise<void> {
    const sql = `update switchyard.consents set outcome = $2 where id = $1 and outcome ->> 'kind' = 'open'
      returning tenant_id as "tenantId", conversation`;
    await this.#session.transaction(async (client) => {
      const values = [id, JSON.stringify(outcome)];
      const { rows } = await client.query<Pick<ConsentRequest, 'tenantId' | 'conversation'>>(sql, values);
      const [settled] = rows;
      if (!settled) return;
      const entry = auditRow(auditOf(id, settled, outcome), this.#now(), null);
      const news = { kind: 'consent', consentId: id, isNews: true } as const;
      await new OneStatement(null).effects(consentName(id), [news]).entry(entry).run(client);
    });
  }

  async outcomeOf(id: string): Promise<ConsentOutcome | null> {
    const sql = 'select outcome from switchyard.consents where id = $1';
    const { rows } = await this.#session.query<{ outcome: ConsentOutcome }>(sql, [id]);
    return rows[0]?.outcome ?? null;
  }

  async secondsLeft(id: string): Promise<number> {
    const sql = `select greatest(0, extract(epoch from expires_at - now()))::float8 as seconds
      from switchyard.consents where id = $1 and taken_at is null`;
    const { rows } = await this.#session.query<{ seconds: number }>(sql, [id]);
    return rows[0]?.seconds ?? 0;
  }

  async cardOf(id: string): Promise<SentMessage | null> {
    const sql = 'select card from switchyard.consents where id = $1';
    const { rows } = await this.#session.query<{ card: SentMessage | null }>(sql, [id]);
    return rows[0]?.card ?? null;
  }

  async shownOn(id: string, { conversation, messageId }: SentMessage): Promise<void> {
    const card = JSON.stringify({ conversation, messageId });
    const sql = 'update switchyard.consents set card = $2 where id = $1';
    const again = { kind: 'consent', consentId: id, isNews: false } as const;
    await this.#session.change(new OneStatement({ sql, values: [id, card] }).effects(consentName(id), [again]));
  }
}

function auditOf(
  id: string,
  { tenantId, conversation }: Pick<ConsentRequest, 'tenantId' | 'conversation'>,
  outcome: ConsentOutcome,
): AuditEntry {
  const isRefused = outcome.kind === 'refused';
  return {
    action: 'consent-answered',
    requestId: consentName(id),
    tenantId,
    actor: null,
    outcome: isRefused ? 'refused' : 'accepted',
    ...(isRefused ? { reason: outcome.reason } : {}),
    ...(conversation === null ? {} : { source: { conversation } }),
    detail: { outcome: outcome.kind },
  };
}
