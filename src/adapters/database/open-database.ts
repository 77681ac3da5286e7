import pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';
import { appRoleUrl, grantToApp, mayRewriteAudit } from './app-role.ts';
import { DatabaseError } from './database-error.ts';
import { startEmbedded } from './embedded-postgres.ts';
import { migrate } from './migrate.ts';

/** The bot's database, migrated and ready. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  /** With the password in it: never to be logged. */
  readonly url: string;
  readonly embedded: boolean;
  close(): Promise<void>;
}

/**
 * Where the database is: `databaseUrl` names a server, null means the embedded one below `dataDir`.
 * `databaseOwnerUrl` names the same database as the owner of its tables, who alone changes their structure.
 */
export interface DatabaseLocation {
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl?: string | null;
  readonly dataDir: string;
}

const oldestSupported = 15;

/**
 * Opens the database, wherever it is, and brings its tables up to date as their owner. The program then goes on as a
 * role that cannot change the audit trail; with a server of the operator that takes a second URL.
 */
export async function openDatabase(location: DatabaseLocation, log: Logger): Promise<OpenDatabase> {
  const { databaseUrl, databaseOwnerUrl = null, dataDir } = location;
  const embedded = databaseUrl === null ? await startEmbedded({ dataDir, log }) : null;
  const ownerUrl = embedded?.url ?? databaseOwnerUrl ?? databaseUrl ?? '';
  const owner = createPool(ownerUrl, log);
  try {
    await checkServer(owner, ownerUrl);
    await migrate(owner);
    const url = embedded ? await appRoleUrl(owner, ownerUrl) : await givenRole(owner, ownerUrl, databaseUrl, log);
    const pool = url === ownerUrl ? owner : createPool(url, log);
    if (pool !== owner) await owner.end();
    const close = async (): Promise<void> => {
      await pool.end();
      await embedded?.stop();
    };
    return { pool, url, embedded: embedded !== null, close };
  } catch (error) {
    await owner.end().catch(() => undefined);
    await embedded?.stop();
    throw error;
  }
}

/** The role that DATABASE_URL names, with no more rights than it needs where somebody else owns the tables. */
async function givenRole(owner: pg.Pool, ownerUrl: string, databaseUrl: string | null, log: Logger): Promise<string> {
  const url = databaseUrl ?? ownerUrl;
  if (url === ownerUrl) {
    log.warn(
      'The role of DATABASE_URL could change the audit trail; DATABASE_OWNER_URL lets it work without that right',
    );
    return url;
  }
  await grantToApp(owner, decodeURIComponent(new URL(url).username));
  const pool = createPool(url, log);
  try {
    await checkServer(pool, url);
    if (!(await mayRewriteAudit(pool))) return url;
  } finally {
    await pool.end();
  }
  throw new DatabaseError('The role of DATABASE_URL owns the audit trail or is a superuser, so it could change it.', {
    operation: 'open the database',
    next: 'Name a plain role in DATABASE_URL (create role … login) and the owner of the tables in DATABASE_OWNER_URL.',
  });
}

/** A pool whose lost connections are logged and replaced; they never end the process. */
export function createPool(url: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 10_000,
    // Ours take milliseconds; a frozen process must not keep what it has locked from the others.
    idle_in_transaction_session_timeout: 20_000,
    application_name: 'switchyard',
    keepAlive: true,
  });
  pool.on('error', (error) => log.warn({ reason: error.message }, 'A database connection was lost'));
  // A connection that is lost while it is lent out speaks through its own event.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function checkServer(pool: pg.Pool, url: string): Promise<void> {
  const version = await serverVersion(pool, url);
  if (version >= oldestSupported) return;
  throw new DatabaseError(`The database server is PostgreSQL ${version}; ${oldestSupported} or newer is needed.`, {
    operation: 'open the database',
    next: 'Point DATABASE_URL at a newer server.',
  });
}

async function serverVersion(pool: pg.Pool, url: string): Promise<number> {
  try {
    const { rows } = await pool.query<{ version: string }>('select current_setting($1) as version', [
      'server_version_num',
    ]);
    return Math.floor(Number(rows[0]?.version) / 10_000);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`The database server at ${addressOf(url)} cannot be used: ${reason}`, {
      operation: 'open the database',
      next: 'Check that the server runs and that DATABASE_URL names its host, port, user, password and database.',
      cause,
    });
  }
}

function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '(DATABASE_URL is not a URL)';
}
