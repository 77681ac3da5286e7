import type pg from 'pg';
import type { Person } from '../../core/person.ts';
import type { DigestPeriod, Subscription, Topic } from '../../core/subscription.ts';
import type { SubscriptionStore } from '../../ports/subscriptions.ts';
import { Session } from './session.ts';

interface Row {
  readonly conversation: string;
  readonly kind: Topic['kind'];
  readonly topic: string;
  readonly shown: string;
  readonly digest: DigestPeriod | null;
  readonly timeZone: string | null;
  readonly by: Person;
}

const columns = `conversation, kind, topic, shown, digest, time_zone as "timeZone", by_person as "by"`;

/** Who wants to be told about what, in PostgreSQL. */
export class PostgresSubscriptionStore implements SubscriptionStore {
  readonly #session: Session;

  constructor(pool: pg.Pool, patienceMs = 8000) {
    this.#session = new Session(pool, patienceMs);
  }

  async put({ conversation, topic, digest, timeZone, by }: Subscription): Promise<void> {
    await this.#session.query(
      `insert into switchyard.subscriptions (conversation, kind, topic, shown, digest, time_zone, by_person)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (conversation, kind, topic) do update set shown = excluded.shown, digest = excluded.digest,
         time_zone = excluded.time_zone, by_person = excluded.by_person`,
      [conversation, topic.kind, keyOf(topic), shownOf(topic), digest, timeZone, JSON.stringify(by)],
    );
  }

  async remove(conversation: string, topic: Topic): Promise<boolean> {
    const sql = 'delete from switchyard.subscriptions where conversation = $1 and kind = $2 and topic = $3';
    const { rowCount } = await this.#session.query(sql, [conversation, topic.kind, keyOf(topic)]);
    return rowCount === 1;
  }

  async of(conversation: string): Promise<readonly Subscription[]> {
    const sql = `select ${columns} from switchyard.subscriptions where conversation = $1 order by kind, shown`;
    const { rows } = await this.#session.query<Row>(sql, [conversation]);
    return rows.map(subscriptionOf);
  }

  async about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]> {
    // One per conversation; whoever wants to hear at once hears at once, whatever else they collect.
    const { rows } = await this.#session.query<Row>(
      `select distinct on (conversation) ${columns} from switchyard.subscriptions
       where kind = 'all' or (kind = 'tenant' and topic = $1) or (kind = 'domain' and topic = any($2))
       order by conversation, digest is not null, digest = 'daily'`,
      [tenantId, domains],
    );
    return rows.map(subscriptionOf);
  }

  async approvals(): Promise<readonly string[]> {
    const sql = `select conversation from switchyard.subscriptions where kind = 'approvals' order by conversation`;
    const { rows } = await this.#session.query<{ conversation: string }>(sql);
    return rows.map(({ conversation }) => conversation);
  }
}

function keyOf(topic: Topic): string {
  if (topic.kind === 'domain') return topic.domain;
  return topic.kind === 'tenant' ? topic.tenantId : '';
}

function shownOf(topic: Topic): string {
  return topic.kind === 'tenant' ? topic.name : keyOf(topic);
}

function subscriptionOf({ conversation, digest, timeZone, by, ...row }: Row): Subscription {
  return { conversation, topic: topicOf(row), digest, timeZone, by };
}

function topicOf({ kind, topic, shown }: Pick<Row, 'kind' | 'topic' | 'shown'>): Topic {
  if (kind === 'domain') return { kind, domain: topic };
  return kind === 'tenant' ? { kind, tenantId: topic, name: shown } : { kind };
}
