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

    -- One row: which trail this is, and where it ends. Its lock lasts until the commit, so that numbers have no gaps and
    -- every entry hangs on the one before.
    create table switchyard.audit_head (
      only_row boolean primary key default true check (only_row),
      trail uuid not null default gen_random_uuid(),
      seq bigint not null default 0,
      hash text not null default repeat('0', 64)
    );
    insert into switchyard.audit_head default values;

    create table switchyard.audit (
      seq bigint primary key,
      id uuid not null unique,
      previous text not null,
      hash text not null,
      entry json not null
    );
    create index audit_by_request on switchyard.audit ((entry ->> 'requestId'), seq);

    -- The text of an entry is made by the program; here it gets its number and its hash. An entry that comes again
    -- because the answer to it was lost is not appended twice. Runs with its owner's rights, so that the program's user
    -- can append to the trail and do nothing else to it.
    create function switchyard.append_audit(id uuid, entry text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        head switchyard.audit_head;
        content text := encode(sha256(convert_to(entry, 'UTF8')), 'hex');
        next_hash text;
      begin
        select * into strict head from switchyard.audit_head for update;
        if exists (select from switchyard.audit a where a.id = append_audit.id) then return; end if;
        next_hash := encode(sha256(convert_to(head.hash || E'\\n' || (head.seq + 1) || E'\\n' || content, 'UTF8')), 'hex');
        insert into switchyard.audit (seq, id, previous, hash, entry)
          values (head.seq + 1, append_audit.id, head.hash, next_hash, append_audit.entry::json);
        update switchyard.audit_head set seq = head.seq + 1, hash = next_hash;
      end $$;
    create function switchyard.refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
      end $$;
    create trigger audit_is_append_only before update or delete or truncate on switchyard.audit
      for each statement execute function switchyard.refuse_audit_change();
    create trigger audit_head_stays before delete or truncate on switchyard.audit_head
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
