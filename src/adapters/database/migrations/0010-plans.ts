import type { Migration } from './migration.ts';

// Every plan that was put before people, also after the request has got a newer one. Rows are only ever added.
export const plans: Migration = {
  name: '0010-plans',
  sql: `
    create table switchyard.plans (
      request_id text not null,
      version integer not null,
      digest text not null,
      at timestamptz not null,
      body json not null,
      primary key (request_id, version)
    );
    create function switchyard.refuse_plan_change() returns trigger language plpgsql as $$
      begin
        raise exception 'plans that were decided on are append-only' using errcode = 'insufficient_privilege';
      end $$;
    create trigger plans_are_append_only before update or delete or truncate on switchyard.plans
      for each statement execute function switchyard.refuse_plan_change();
  `,
};
