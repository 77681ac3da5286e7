import type { KeptPlan } from '../../core/kept-plan.ts';
import type { SetUp } from '../../core/set-up.ts';
import type { Effect } from '../../core/store.ts';
import type { AuditRow } from './audit-row.ts';
import { type LaterEffect, laneOf } from './effect-lane.ts';
import { outboxChannel } from './outbox-channel.ts';
import { storable } from './storable.ts';

/** A pool, or the connection of a transaction. */
export interface Statements {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * One statement that does several things, all of them or none. It needs no transaction around it: that is one round trip
 * instead of five, and a slow client never holds the lock on the end of the audit trail, which everybody waits for.
 */
export class OneStatement {
  readonly #values: unknown[];
  readonly #parts: string[];
  /** Parts are carried out in the order in which they are counted. */
  readonly #counted: string[] = ['changed'];

  /** `change` inserts or updates one row, or none, and then nothing else happens; null: the rest happens anyway. */
  constructor(change: { readonly sql: string; readonly values: readonly unknown[] } | null) {
    this.#values = [...(change?.values ?? [])];
    this.#parts = [`changed as (${change ? `${change.sql} returning 1` : 'select 1'})`];
  }

  /** Stores what follows from the change. The outbox keeps the order. */
  effects(requestId: string, effects: readonly Effect[]): this {
    const later: LaterEffect[] = [];
    const setUps = new Map<string, SetUp>();
    for (const effect of effects) {
      if (effect.kind === 'plan') this.#plan(effect.kept);
      else if (effect.kind === 'set-up') setUps.set(keyOf(effect.setUp), effect.setUp);
      else later.push(effect);
    }
    // Always in the same order, so that no two statements wait for each other.
    for (const [, setUp] of [...setUps].toSorted(([a], [b]) => (a < b ? -1 : 1))) this.#setUp(setUp);
    if (later.length > 0) this.#queue(requestId, later);
    return this;
  }

  /** Appends to the audit trail, if there is something to append. To be called last, because all others wait for it. */
  entry(row: AuditRow | null): this {
    if (row === null) return this;
    const { id, text } = row;
    return this.#counting(
      'audited',
      `select switchyard.append_audit(${this.#value(id)}, ${this.#value(text)}) from changed`,
    );
  }

  /** Whether the row was changed. */
  async run(database: Statements): Promise<boolean> {
    const counts = this.#counted.map((part) => `(select count(*)::integer from ${part}) as ${part}`);
    const sql = `with ${this.#parts.join(', ')} select ${counts.join(', ')}`;
    const { rows } = await database.query(sql, this.#values);
    return (rows[0] as { readonly changed: number }).changed === 1;
  }

  /** The server delivers the notification when the statement has been committed, and only then. */
  #queue(requestId: string, later: readonly LaterEffect[]): void {
    const columns = [
      later.map(laneOf),
      later.map(({ kind }) => kind),
      later.map((one) => JSON.stringify(storable(one))),
    ];
    const [lanes, kinds, effects] = columns.map((column) => `${this.#value(column)}::text[]`);
    this.#parts.push(`queued as (
      insert into switchyard.outbox (request_id, lane, kind, effect)
      select ${this.#value(requestId)}, lane, kind, effect::json
      from changed, unnest(${lanes}, ${kinds}, ${effects}) with ordinality as later (lane, kind, effect, place)
      order by place returning lane)`);
    const channel = this.#value(outboxChannel);
    this.#counting('told', `select pg_notify(${channel}, lane) from (select distinct lane from queued) as lanes`);
  }

  /** Keeps the plan that is put up for a decision. */
  #plan({ requestId, version, at, plan }: KeptPlan): void {
    const values = [requestId, version, plan.digest, at, JSON.stringify(plan)].map((value) => this.#value(value));
    this.#counting(
      `plan_${this.#parts.length}`,
      `insert into switchyard.plans (request_id, version, digest, at, body)
       select ${typed(values, ['text', 'integer', 'text', 'timestamptz', 'json'])} from changed returning 1`,
    );
  }

  /** The latest state of a set-up wins. */
  #setUp(setUp: SetUp): void {
    const values = [setUp.tenantId, setUp.gateway, JSON.stringify(setUp)].map((value) => this.#value(value));
    this.#counting(
      `set_up_${this.#parts.length}`,
      `insert into switchyard.set_ups (tenant_id, gateway, body)
       select ${typed(values, ['text', 'text', 'json'])} from changed
       on conflict (tenant_id, gateway) do update set body = excluded.body returning 1`,
    );
  }

  #counting(name: string, query: string): this {
    this.#parts.push(`${name} as materialized (${query})`);
    this.#counted.push(name);
    return this;
  }

  /** How the statement names the value. */
  #value(value: unknown): string {
    return `$${this.#values.push(value)}`;
  }
}

/** A set-up is one gateway in front of one tenant. */
function keyOf({ tenantId, gateway }: SetUp): string {
  return JSON.stringify([tenantId, gateway]);
}

function typed(values: readonly string[], types: readonly string[]): string {
  return values.map((value, index) => `${value}::${types[index]}`).join(', ');
}
