import { randomBytes } from 'node:crypto';
import pg from 'pg';

const embeddedRole = 'switchyard_app';
/** Two processes that start together would change the same rights at once, which PostgreSQL refuses. */
const lockKey = 7_283_140_513;

/**
 * Makes the role that the program works as in the embedded database, and gives the URL to connect with it. The
 * password is new at every start, so there is none to be found in a file.
 */
export async function appRoleUrl(owner: pg.Pool, ownerUrl: string): Promise<string> {
  const password = randomBytes(24).toString('hex');
  await owner.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${embeddedRole}') then create role ${embeddedRole}; end if;
    end $$;
    alter role ${embeddedRole} login password '${password}'`);
  await grantToApp(owner, embeddedRole);
  const url = new URL(ownerUrl);
  url.username = embeddedRole;
  url.password = password;
  return url.href;
}

/**
 * What the program may do in its database: read the audit trail and append to it through the database's own function,
 * but not change it, and add versions of the approval policy but not change one; the tables themselves stay the owner's.
 */
export async function grantToApp(owner: pg.Pool, name: string): Promise<void> {
  const role = pg.escapeIdentifier(name);
  const { rows } = await owner.query<{ database: string }>('select current_database() as database');
  const database = pg.escapeIdentifier(rows[0]?.database ?? '');
  await owner.query(`
    begin;
    select pg_advisory_xact_lock(${lockKey});
    grant connect, create, temporary on database ${database} to ${role};
    grant usage on schema switchyard to ${role};
    grant select, insert, update, delete on all tables in schema switchyard to ${role};
    revoke insert, update, delete on switchyard.audit, switchyard.audit_head, switchyard.migrations from ${role};
    revoke update, delete on switchyard.plans from ${role};
    revoke update, delete on switchyard.approval_policies from ${role};
    revoke execute on function switchyard.append_audit(uuid, text) from public;
    grant execute on function switchyard.append_audit(uuid, text) to ${role};
    commit`);
}

/** Whether whoever is connected could change the audit trail, as an owner and a superuser can. */
export async function mayRewriteAudit(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ may: boolean }>(
    `select has_table_privilege('switchyard.audit', 'update')
         or pg_has_role(relowner, 'member') as may
     from pg_class where oid = 'switchyard.audit'::regclass`,
  );
  return rows[0]?.may !== false;
}
