import type pg from 'pg';
import type { JsonObject } from '../../core/json.ts';
import type { ConversationStore, KnownConversation } from '../../ports/conversations.ts';
import { Session } from './session.ts';

interface ConversationRow {
  readonly key: string;
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly scope: KnownConversation['scope'];
  readonly personId: string | null;
  readonly reference: JsonObject;
}

const columns = `key, service_url as "serviceUrl", tenant_id as "tenantId", scope, person_id as "personId", reference`;

/** Known conversations in PostgreSQL. */
export class PostgresConversationStore implements ConversationStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async remember(conversation: KnownConversation): Promise<void> {
    const { key, serviceUrl, tenantId, scope, personId, reference } = conversation;
    await this.#session.query(
      `insert into switchyard.conversations (key, service_url, tenant_id, scope, person_id, reference)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (key) do update set service_url = excluded.service_url, tenant_id = excluded.tenant_id,
         scope = excluded.scope, person_id = excluded.person_id, reference = excluded.reference,
         gone = false, seen_at = now()`,
      [key, serviceUrl, tenantId, scope, personId, JSON.stringify(reference)],
    );
  }

  async get(key: string): Promise<KnownConversation | null> {
    const sql = `select ${columns} from switchyard.conversations where key = $1 and not gone`;
    const { rows } = await this.#session.query<ConversationRow>(sql, [key]);
    return rows[0] ?? null;
  }

  async personal(tenantId: string, objectId: string): Promise<KnownConversation | null> {
    const { rows } = await this.#session.query<ConversationRow>(
      `select ${columns} from switchyard.conversations
       where tenant_id = $1 and person_id = $2 and scope = 'personal' and not gone
       order by seen_at desc limit 1`,
      [tenantId, objectId],
    );
    return rows[0] ?? null;
  }

  async forget(key: string): Promise<void> {
    await this.#session.query('update switchyard.conversations set gone = true where key = $1', [key]);
  }
}
