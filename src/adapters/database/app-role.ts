import { randomBytes } from 'node:crypto';
import type pg from 'pg';

const role = 'switchyard_app';

/**
 * Makes the role that the program works as, and gives the URL to connect with it. It may read the audit trail and
 * append to it through the database's own function, and not change it; the tables themselves stay the owner's.
 * The password is new at every start, so there is none to be found in a file.
 */
export async function appRoleUrl(owner: pg.Pool, ownerUrl: string): Promise<string> {
  const password = randomBytes(24).toString('hex');
  await owner.query(`
    begin;
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if;
      execute format('grant connect, create, temporary on database %I to ${role}', current_database());
    end $$;
    alter role ${role} login password '${password}';
    grant usage on schema switchyard to ${role};
    grant select, insert, update, delete on all tables in schema switchyard to ${role};
    revoke insert, update, delete on switchyard.audit, switchyard.audit_head, switchyard.migrations from ${role};
    revoke execute on function switchyard.append_audit(uuid, text) from public;
    grant execute on function switchyard.append_audit(uuid, text) to ${role};
    commit`);
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
