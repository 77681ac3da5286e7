import type pg from 'pg';
import { conversationClosed } from '../../core/conversation-closed.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Reader } from '../../core/reader.ts';
import { openStates } from '../../core/request.ts';
import { subscriptionsName } from '../../core/subscription-entry.ts';
import { wholeConversation } from '../../core/whole-conversation.ts';
import type { ConversationStore, KnownConversation } from '../../ports/conversations.ts';
import { OneStatement } from './one-statement.ts';
import { Session } from './session.ts';

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
  readonly #onClosed: (conversation: string) => void;

  /** `onClosed` is told once, by the process that finds out, when a conversation cannot be posted to any more. */
  constructor(pool: pg.Pool, patienceMs = 8000, onClosed: (conversation: string) => void = () => undefined) {
    this.#session = new Session(pool, patienceMs);
    this.#onClosed = onClosed;
  }

  async remember(conversation: KnownConversation): Promise<void> {
    const { key, serviceUrl, tenantId, scope, teamId = null, personId, reference, reader = null } = conversation;
    await this.#session.query(
      `insert into switchyard.conversations as c (key, service_url, tenant_id, scope, person_id, reference, reader, team_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (key) do update set service_url = excluded.service_url, tenant_id = excluded.tenant_id,
         scope = excluded.scope, person_id = excluded.person_id, reference = excluded.reference,
         reader = coalesce(excluded.reader, c.reader), team_id = coalesce(excluded.team_id, c.team_id), gone = false, seen_at = now()`,
      [key, serviceUrl, tenantId, scope, personId, JSON.stringify(reference), reader && JSON.stringify(reader), teamId],
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

  /** A team's first channel has the id of the team. */
  async forgetTeam(teamId: string): Promise<void> {
    const sql = 'select key from switchyard.conversations where team_id = $1 and not gone';
    const { rows } = await this.#session.query<{ key: string }>(sql, [teamId]);
    const channels = new Set([teamId, ...rows.map(({ key }) => wholeConversation(key))]);
    for (const channel of channels) await this.forget(channel);
  }

  /** In one transaction, so that no request waits for ever on a card that nobody can see. */
  async forget(key: string): Promise<void> {
    const whole = wholeConversation(key);
    const isNews = await this.#session.transaction(async (client) => {
      const here = `(%I = $1 or left(%I, length($1) + 1) = $1 || ';')`;
      const gone = `update switchyard.conversations set gone = true where ${here.replaceAll('%I', 'key')} and not gone`;
      const { rowCount } = await client.query(gone, [whole]);
      if (rowCount === 0) return false;
      const { rows } = await client.query<{ id: string }>(
        `select r.id from switchyard.requests r where r.state = any($2) and (${here.replaceAll('%I', 'r.conversation')}
           or exists (select from switchyard.cards c where c.request_id = r.id and ${here.replaceAll('%I', 'c.conversation')}))`,
        [whole, openStates],
      );
      for (const { id } of rows)
        await new OneStatement(null).effects(id, [{ kind: 'card', requestId: id }]).run(client);
      await tellOperators(client, whole);
      return true;
    });
    if (isNews) this.#onClosed(whole);
  }
}

/** Whoever wished for something there would wait for it in vain. */
async function tellOperators(client: pg.PoolClient, conversation: string): Promise<void> {
  const sql = `select coalesce(nullif(shown, ''), kind) as wish from switchyard.subscriptions
    where conversation = $1 order by kind, shown`;
  const { rows } = await client.query<{ wish: string }>(sql, [conversation]);
  const wishes = rows.map(({ wish }) => wish);
  if (wishes.length === 0) return;
  await new OneStatement(null).effects(subscriptionsName, [conversationClosed(conversation, wishes)]).run(client);
}

function conversationOf({ reader, ...conversation }: ConversationRow): KnownConversation {
  return reader === null ? conversation : { ...conversation, reader };
}
