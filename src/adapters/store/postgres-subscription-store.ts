import type pg from 'pg';
import type { Person } from '../../core/person.ts';
import type { AuditEntry, Effect } from '../../core/store.ts';
import type { DigestPeriod, Subscription, Topic } from '../../core/subscription.ts';
import type { SubscriptionStore } from '../../ports/subscriptions.ts';
import { auditRow, isOnRecord } from './audit-row.ts';
import { OneStatement } from './one-statement.ts';
import { Session } from './session.ts';

interface Row {
  readonly conversation: string;
  readonly kind: Topic['kind'];
  readonly topic: string;
  readonly shown: string;
  readonly digest: DigestPeriod | null;
  readonly timeZone: string | null;
  readonly by: Person;
  readonly suspended: boolean;
}

const columns = `conversation, kind, topic, shown, digest, time_zone as "timeZone", by_person as "by", suspended`;

/** Who wants to be told about what, in PostgreSQL. */
export class PostgresSubscriptionStore implements SubscriptionStore {
  readonly #session: Session;
  readonly #now: () => Date;

  /** `now` is the product's clock, for the audit trail. */
  constructor(pool: pg.Pool, patienceMs = 8000, now: () => Date = () => new Date()) {
    this.#session = new Session(pool, patienceMs);
    this.#now = now;
  }

  async put({ conversation, topic, digest, timeZone, by }: Subscription, audit: AuditEntry): Promise<void> {
    const sql = `insert into switchyard.subscriptions (conversation, kind, topic, shown, digest, time_zone, by_person)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (conversation, kind, topic) do update set shown = excluded.shown, digest = excluded.digest,
         time_zone = excluded.time_zone, by_person = excluded.by_person, suspended = false`;
    const values = [conversation, topic.kind, keyOf(topic), shownOf(topic), digest, timeZone, JSON.stringify(by)];
    await this.#change(sql, values, audit);
  }

  remove(conversation: string, topic: Topic, audit: AuditEntry): Promise<boolean> {
    const sql = 'delete from switchyard.subscriptions where conversation = $1 and kind = $2 and topic = $3';
    return this.#change(sql, [conversation, topic.kind, keyOf(topic)], audit);
  }

  suspend(subscription: Subscription, audit: AuditEntry, effects: readonly Effect[]): Promise<boolean> {
    return this.#mark(subscription, true, audit, effects);
  }

  resume(subscription: Subscription, audit: AuditEntry): Promise<boolean> {
    return this.#mark(subscription, false, audit, []);
  }

  async of(conversation: string): Promise<readonly Subscription[]> {
    const sql = `select ${columns} from switchyard.subscriptions where conversation = $1 order by kind, shown`;
    const { rows } = await this.#session.query<Row>(sql, [conversation]);
    return rows.map(subscriptionOf);
  }

  async all(): Promise<readonly Subscription[]> {
    const sql = `select ${columns} from switchyard.subscriptions order by conversation, kind, shown`;
    const { rows } = await this.#session.query<Row>(sql);
    return rows.map(subscriptionOf);
  }

  async about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]> {
    const { rows } = await this.#session.query<Row>(
      `select ${columns} from switchyard.subscriptions
       where kind = 'all' or (kind = 'tenant' and topic = $1) or (kind = 'domain' and topic = any($2))
       order by conversation, digest is not null, digest = 'daily'`,
      [tenantId, domains],
    );
    return rows.map(subscriptionOf);
  }

  async approvals(): Promise<readonly Subscription[]> {
    const sql = `select ${columns} from switchyard.subscriptions where kind = 'approvals' order by conversation`;
    const { rows } = await this.#session.query<Row>(sql);
    return rows.map(subscriptionOf);
  }

  #mark(
    { conversation, topic, by }: Subscription,
    suspended: boolean,
    audit: AuditEntry,
    effects: readonly Effect[],
  ): Promise<boolean> {
    const sql = `update switchyard.subscriptions set suspended = $5
      where conversation = $1 and kind = $2 and topic = $3 and by_person ->> 'objectId' = $4 and suspended <> $5`;
    return this.#change(sql, [conversation, topic.kind, keyOf(topic), by.objectId, suspended], audit, effects);
  }

  /** The change, what follows from it and its audit entry, or nothing at all when there was nothing to change. */
  async #change(sql: string, values: unknown[], audit: AuditEntry, effects: readonly Effect[] = []): Promise<boolean> {
    const entry = auditRow(audit, this.#now(), null);
    const statement = new OneStatement({ sql, values }).effects(audit.requestId, effects).entry(entry);
    return this.#session.change(statement, (database) => isOnRecord(database, entry));
  }
}

function keyOf(topic: Topic): string {
  if (topic.kind === 'domain') return topic.domain;
  return topic.kind === 'tenant' ? topic.tenantId : '';
}

function shownOf(topic: Topic): string {
  return topic.kind === 'tenant' ? topic.name : keyOf(topic);
}

function subscriptionOf({ conversation, digest, timeZone, by, suspended, ...row }: Row): Subscription {
  return { conversation, topic: topicOf(row), digest, timeZone, by, suspended };
}

function topicOf({ kind, topic, shown }: Pick<Row, 'kind' | 'topic' | 'shown'>): Topic {
  if (kind === 'domain') return { kind, domain: topic };
  return kind === 'tenant' ? { kind, tenantId: topic, name: shown } : { kind };
}
