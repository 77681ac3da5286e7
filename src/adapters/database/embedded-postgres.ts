import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';
import { type Cluster, hasCluster, owner, prepareCluster } from './cluster.ts';
import { DatabaseError } from './database-error.ts';
import { type FolderLock, takeFolderLock } from './folder-lock.ts';
import { postmasterAlive, readPostmasterFile, socketPort, startPostmaster, stopPostmaster } from './postmaster.ts';

/** A running private database. */
export interface EmbeddedPostgres {
  readonly connection: pg.ClientConfig;
  readonly url: string;
  /** Process id of the server, which changes when a dead one was replaced. */
  serverPid(): number | null;
  stop(): Promise<void>;
}

/** How to start it. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** Listen on a loopback port instead of a unix socket; always so on Windows. */
  readonly overTcp?: boolean;
}

const patienceMs = 30_000;

/**
 * Starts PostgreSQL below the data folder, or adopts the server that a killed bot left running, and starts it again
 * whenever it dies. One bot per folder: a second one is refused.
 */
export async function startEmbedded(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const cluster = await prepareCluster(dataDir, options.overTcp ?? process.platform === 'win32', log);
  const port = cluster.socketFolder === null ? (readPostmasterFile(cluster)?.port ?? (await freePort())) : socketPort;
  const connection = connectionTo(cluster, port);
  const server = new Supervised(cluster, port, connection, dataDir, log);
  await server.start();
  removeUnfinished(cluster);
  return {
    connection,
    url: urlOf(connection),
    serverPid: () => readPostmasterFile(cluster)?.pid ?? null,
    stop: () => server.stop(),
  };
}

/**
 * URL of the server that a bot has running in this folder, or null when there is none. Refuses a folder without a
 * database, which reading must not create.
 */
export async function urlOfRunning(dataDir: string, log: Logger): Promise<string | null> {
  if (!hasCluster(dataDir, log)) {
    throw new DatabaseError(`There is no database in the data folder ${dataDir}.`, {
      operation: 'read the database',
      next: 'Name the folder of the bot with SWITCHYARD_DATA, or its server with DATABASE_URL.',
    });
  }
  const cluster = await prepareCluster(dataDir, process.platform === 'win32', log);
  if (!postmasterAlive(cluster)) return null;
  const port = cluster.socketFolder === null ? (readPostmasterFile(cluster)?.port ?? socketPort) : socketPort;
  const connection = connectionTo(cluster, port);
  return (await answers(connection)) ? urlOf(connection) : null;
}

class Supervised {
  readonly #cluster: Cluster;
  readonly #port: number;
  readonly #connection: pg.ClientConfig;
  readonly #dataDir: string;
  readonly #log: Logger;
  #lock: FolderLock | null = null;
  #stopping = false;

  constructor(cluster: Cluster, port: number, connection: pg.ClientConfig, dataDir: string, log: Logger) {
    this.#cluster = cluster;
    this.#port = port;
    this.#connection = connection;
    this.#dataDir = dataDir;
    this.#log = log;
  }

  async start(): Promise<void> {
    await this.#ensureAnswering();
    await createDatabase(this.#connection);
    this.#lock = await takeFolderLock(this.#connection, this.#dataDir);
    // The lock's connection ends the moment the server dies, which is how we learn of it.
    void this.#lock.lost.then(() => this.#restore());
  }

  async stop(): Promise<void> {
    // A second call must not stop a server that another bot has started since.
    if (this.#stopping) return;
    this.#stopping = true;
    await this.#lock?.release();
    if (postmasterAlive(this.#cluster)) await stopPostmaster(this.#cluster);
  }

  async #restore(): Promise<void> {
    while (!this.#stopping) {
      this.#log.warn('The embedded database went away and is started again');
      try {
        await this.start();
        return;
      } catch (error) {
        this.#log.error({ err: error }, 'The embedded database could not be started again');
        await pause(1000);
      }
    }
  }

  async #ensureAnswering(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    let startedAt = 0;
    while (!this.#stopping) {
      if (await answers(this.#connection)) return;
      // A dead server's shared memory can outlive it for a moment and make a start fail, hence more than one attempt.
      if (!postmasterAlive(this.#cluster) && Date.now() - startedAt > 500) {
        startPostmaster(this.#cluster, this.#port);
        startedAt = Date.now();
      }
      if (Date.now() > deadline) throw notAnswering(this.#cluster);
      await pause(25);
    }
  }
}

function connectionTo({ socketFolder, password }: Cluster, port: number): pg.ClientConfig {
  return { host: socketFolder ?? '127.0.0.1', port, user: owner, password, database: owner };
}

function urlOf({ host = '', port, user, password, database }: pg.ClientConfig): string {
  const server = `postgresql://${user}:${String(password)}@`;
  if (!host.includes('/')) return `${server}${host}:${port}/${database}`;
  return `${server}localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

async function answers(connection: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: wrong password. Another server owns this place and waiting will not help.
    if (error instanceof pg.DatabaseError && error.code === '28P01') throw error;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [owner]);
    if (rowCount === 0) await client.query(`create database ${owner}`);
  } catch (error) {
    // 42P04 and 23505: another bot created it in the same moment.
    if (!(error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? ''))) throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function notAnswering({ serverLog }: Cluster): DatabaseError {
  return new DatabaseError(`The embedded database does not answer. Its last words: ${lastLines(serverLog)}`, {
    operation: 'start the embedded database',
    next: `Read ${serverLog}; a full disk and missing write permission are the usual causes.`,
  });
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' ');
  } catch {
    return '(none)';
  }
}

/** Half-made clusters of earlier crashes; nobody else works in the folder once we hold its lock. */
function removeUnfinished({ home }: Cluster): void {
  for (const name of readdirSync(dirname(home))) {
    if (name.startsWith(`${basename(home)}.new-`)) rmSync(join(dirname(home), name), { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
