import type { Migration } from './migration.ts';

// Versions are only ever added: what was in force when somebody decided can be looked up for ever.
export const approvalPolicies: Migration = {
  name: '0003-approval-policies',
  sql: `
    create table switchyard.approval_policies (
      number integer primary key,
      version text not null,
      document json not null,
      changed_by json,
      request_id text,
      at timestamptz not null
    );
    create function switchyard.refuse_policy_change() returns trigger language plpgsql as $$
      begin
        raise exception 'versions of the approval policy are append-only' using errcode = 'insufficient_privilege';
      end $$;
    create trigger approval_policies_are_append_only before update or delete or truncate on switchyard.approval_policies
      for each statement execute function switchyard.refuse_policy_change();
  `,
};
