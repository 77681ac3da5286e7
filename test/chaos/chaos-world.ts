import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, owner, prepareCluster } from '../../src/adapters/database/cluster.ts';
import { socketPort } from '../../src/adapters/database/postmaster.ts';
import { isConnectionFault } from '../../src/adapters/store/session.ts';
import { freePort } from '../support/free-port.ts';
import { putCluster } from '../support/postgres.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import type { SeenMessage } from '../support/running-bot.ts';
import { silentLog } from '../support/silent-log.ts';
import { endAllOf } from './belonging.ts';
import { ChaosBot } from './chaos-bot.ts';
import { Orders } from './orders.ts';
import { ownFolder } from './own-folder.ts';
import { OwnServer } from './own-server.ts';

/** The bot's own child, or a server reached over TCP. */
export type DatabaseKind = 'embedded' | 'external';

export interface WorldOptions {
  readonly database: DatabaseKind;
  /** Virtual seconds per real second. */
  readonly speed?: number;
  /** Processes on one database; more than one needs an external one. */
  readonly processes?: number;
}

const patienceMs = 120_000;

/** A simulated cloud, a database and one or more processes of the bot that are kept alive. */
export class ChaosWorld {
  readonly cloud: RunningRehearsal;
  readonly bots: readonly ChaosBot[];
  readonly orders: Orders;
  /** For looking at what the bot stored; its connections are never cut. */
  readonly pool: pg.Pool;
  /** The external server; null with the embedded one. */
  readonly server: OwnServer | null;
  readonly database: DatabaseKind;
  /** Where the bots work, and the embedded database. */
  readonly folder: string;

  private constructor(
    parts: Pick<ChaosWorld, 'cloud' | 'bots' | 'orders' | 'pool' | 'server' | 'database'>,
    folder: string,
  ) {
    this.cloud = parts.cloud;
    this.bots = parts.bots;
    this.orders = parts.orders;
    this.pool = parts.pool;
    this.server = parts.server;
    this.database = parts.database;
    this.folder = folder;
  }

  static async start({ database, speed = 30, processes = 1 }: WorldOptions): Promise<ChaosWorld> {
    const folder = ownFolder();
    const server = database === 'external' ? await OwnServer.start() : null;
    if (!server) await putCluster(folder, 'on');
    const port = await freePort();
    const cloud = await startRehearsal({ PORT: String(port), REHEARSAL_SPEED: String(speed) });
    // Teams delivers again with a new id what was not answered; soon, so that nobody waits for it.
    const inbound = { answerWithinMs: 15_000, newIdAfterMs: 2500 };
    await cloud.control('deliveries', { inbound });
    const orders = new Orders(join(folder, 'orders.json'));
    const bots = Array.from({ length: processes }, (_, index) => {
      return new ChaosBot(folder, {
        SWITCHYARD_REHEARSAL_URL: cloud.url,
        SWITCHYARD_FAILPOINT: orders.file,
        PORT: index === 0 ? String(port) : '0',
        ...(server ? { DATABASE_URL: server.url } : {}),
      });
    });
    for (const bot of bots) await bot.start();
    const url = server?.url ?? (await embeddedUrl(folder));
    const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'chaos' });
    pool.on('error', () => undefined);
    // A connection that the server ends while it is lent out, or while the pool closes, speaks for itself.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return new ChaosWorld({ cloud, bots, orders, pool, server, database }, folder);
  }

  /** The process that Teams talks to. */
  get bot(): ChaosBot {
    const [first] = this.bots;
    if (!first) throw new Error('A world has at least one process of the bot.');
    return first;
  }

  control<Answer>(path: string, body?: unknown, method: 'POST' | 'PUT' = 'POST'): Promise<Answer> {
    return this.cloud.control(path, body, method) as Promise<Answer>;
  }

  async messages(conversation: string): Promise<readonly SeenMessage[]> {
    const { messages } = await this.control<{ messages: SeenMessage[] }>(`conversations/${conversation}/messages`);
    return messages;
  }

  /** Rows of the bot's database. While it is away they are waited for. */
  async rows<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    for (const deadline = Date.now() + patienceMs; ; ) {
      try {
        const { rows } = await this.pool.query<Row>(sql, [...values]);
        return rows;
      } catch (error) {
        if (!isConnectionFault(error) || Date.now() > deadline) throw error;
        await pause(100);
      }
    }
  }

  /** The bot's own database. */
  cluster(): Promise<Cluster> {
    return prepareCluster(this.folder, false, silentLog());
  }

  /** A tenant of its own: `<name>` with the domain `<name>.example`. */
  async newTenant(name: string): Promise<void> {
    await this.control('tenants', { name, domains: [`${name}.example`] });
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await Promise.all(this.bots.map((bot) => bot.stop()));
    // A killed bot leaves its database running, for the next start to adopt.
    await endAllOf(this.folder);
    await this.cloud.stop();
    await this.server?.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function embeddedUrl(folder: string): Promise<string> {
  const { socketFolder, password } = await prepareCluster(folder, false, silentLog());
  const host = encodeURIComponent(socketFolder ?? '');
  return `postgresql://${owner}:${password}@localhost:${socketPort}/${owner}?host=${host}`;
}
