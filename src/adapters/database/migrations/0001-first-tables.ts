import type { Migration } from './migration.ts';

// Bodies are json, not jsonb: what a person typed is kept byte for byte, also what jsonb refuses (\u0000).
export const firstTables: Migration = {
  name: '0001-first-tables',
  sql: `
    create table switchyard.requests (
      id text primary key,
      revision integer not null,
      state text not null,
      tenant_id text not null,
      conversation text not null,
      wish text not null,
      decide_by timestamptz,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      body json not null
    );
    create index requests_by_state on switchyard.requests (state, created_at desc);
    create index requests_by_tenant on switchyard.requests (tenant_id, created_at desc);
    create index requests_by_age on switchyard.requests (created_at desc);
    create unique index requests_one_open_per_wish on switchyard.requests (wish)
      where state in ('planning', 'awaiting-approval', 'confirming', 'approved', 'running');
    create index requests_by_decide_by on switchyard.requests (decide_by) where decide_by is not null;

    create table switchyard.audit (
      seq bigint primary key,
      at timestamptz not null default clock_timestamp(),
      entry json not null
    );
    create function switchyard.refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
      end $$;
    -- Numbers are given under a lock that lasts until the commit, so that they have no gaps: a missing number is a
    -- missing entry.
    create function switchyard.append_audit(entry json) returns void language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(7283140513);
        insert into switchyard.audit (seq, entry) select coalesce(max(seq), 0) + 1, append_audit.entry from switchyard.audit;
      end $$;
    create trigger audit_is_append_only before update or delete or truncate on switchyard.audit
      for each statement execute function switchyard.refuse_audit_change();

    create table switchyard.outbox (
      id bigint generated always as identity primary key,
      request_id text not null,
      lane text not null,
      kind text not null,
      effect json not null,
      due_at timestamptz not null default now(),
      attempts integer not null default 0,
      last_error text,
      done_at timestamptz
    );
    create index outbox_open on switchyard.outbox (request_id, lane, id) where done_at is null;
    create index outbox_due on switchyard.outbox (lane, due_at) where done_at is null;
    create index outbox_done on switchyard.outbox (done_at) where done_at is not null;

    create table switchyard.set_ups (
      tenant_id text not null,
      gateway text not null,
      body json not null,
      primary key (tenant_id, gateway)
    );

    create table switchyard.cards (
      request_id text primary key,
      conversation text not null,
      message_id text not null
    );

    create table switchyard.conversations (
      key text primary key,
      tenant_id text not null,
      scope text not null,
      person_id text,
      service_url text not null,
      reference json not null,
      gone boolean not null default false,
      seen_at timestamptz not null default now()
    );
    create index conversations_personal on switchyard.conversations (tenant_id, person_id) where scope = 'personal';

    create table switchyard.timers (
      run_id text not null,
      wait integer not null,
      topic text not null,
      due_at timestamptz not null,
      primary key (run_id, wait)
    );
    create index timers_due on switchyard.timers (due_at);

    create table switchyard.executors (
      id text primary key,
      host text not null,
      pid integer not null,
      lock_key integer not null,
      beat_at timestamptz not null default now()
    );
  `,
};
