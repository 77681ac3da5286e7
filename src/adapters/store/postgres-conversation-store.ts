import type pg from 'pg';
import type { JsonObject } from '../../core/json.ts';
import type { Reader } from '../../core/reader.ts';
import { openStates } from '../../core/request.ts';
import { wholeConversation } from '../../core/whole-conversation.ts';
import type { ConversationStore, KnownConversation } from '../../ports/conversations.ts';
import { Session } from './session.ts';
import { writeEffects } from './write-effects.ts';

interface ConversationRow {
  readonly key: string;
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly scope: KnownConversation['scope'];
  readonly personId: string | null;
  readonly reference: JsonObject;
  readonly reader: Reader | null;
}

const columns = `key, service_url as "serviceUrl", tenant_id as "tenantId", scope, person_id as "personId", reference, reader`;

/** Known conversations in PostgreSQL. */
export class PostgresConversationStore implements ConversationStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async remember(conversation: KnownConversation): Promise<void> {
    const { key, serviceUrl, tenantId, scope, personId, reference, reader = null } = conversation;
    await this.#session.query(
      `insert into switchyard.conversations as c (key, service_url, tenant_id, scope, person_id, reference, reader)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (key) do update set service_url = excluded.service_url, tenant_id = excluded.tenant_id,
         scope = excluded.scope, person_id = excluded.person_id, reference = excluded.reference,
         reader = coalesce(excluded.reader, c.reader), gone = false, seen_at = now()`,
      [key, serviceUrl, tenantId, scope, personId, JSON.stringify(reference), reader && JSON.stringify(reader)],
    );
  }

  async get(key: string): Promise<KnownConversation | null> {
    const sql = `select ${columns} from switchyard.conversations where key = $1 and not gone`;
    const { rows } = await this.#session.query<ConversationRow>(sql, [key]);
    return rows[0] ? conversationOf(rows[0]) : null;
  }

  async personal(tenantId: string, objectId: string): Promise<KnownConversation | null> {
    const { rows } = await this.#session.query<ConversationRow>(
      `select ${columns} from switchyard.conversations
       where tenant_id = $1 and person_id = $2 and scope = 'personal' and not gone
       order by seen_at desc limit 1`,
      [tenantId, objectId],
    );
    return rows[0] ? conversationOf(rows[0]) : null;
  }

  async latestServiceUrl(tenantId: string): Promise<string | null> {
    const sql = `select service_url as url from switchyard.conversations
      where tenant_id = $1 and not gone order by seen_at desc limit 1`;
    const { rows } = await this.#session.query<{ url: string }>(sql, [tenantId]);
    return rows[0]?.url ?? null;
  }

  /** In one transaction, so that no request waits for ever on a card that nobody can see. */
  async forget(key: string): Promise<void> {
    const whole = wholeConversation(key);
    await this.#session.transaction(async (client) => {
      const here = `(%I = $1 or left(%I, length($1) + 1) = $1 || ';')`;
      const gone = `update switchyard.conversations set gone = true where ${here.replaceAll('%I', 'key')} and not gone`;
      const { rowCount } = await client.query(gone, [whole]);
      if (rowCount === 0) return;
      const { rows } = await client.query<{ id: string }>(
        `select r.id from switchyard.requests r where r.state = any($2) and (${here.replaceAll('%I', 'r.conversation')}
           or exists (select from switchyard.cards c where c.request_id = r.id and ${here.replaceAll('%I', 'c.conversation')}))`,
        [whole, openStates],
      );
      for (const { id } of rows) await writeEffects(client, id, [{ kind: 'card', requestId: id }]);
    });
  }
}

function conversationOf({ reader, ...conversation }: ConversationRow): KnownConversation {
  return reader === null ? conversation : { ...conversation, reader };
}
