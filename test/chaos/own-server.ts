import pg from 'pg';
import { type Cluster, owner, prepareCluster } from '../../src/adapters/database/cluster.ts';
import { startPostmaster, stopPostmaster } from '../../src/adapters/database/postmaster.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { putCluster } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { endAllOf } from './belonging.ts';
import { ownFolder } from './own-folder.ts';

/** A PostgreSQL server on a loopback port, which can be stopped and comes back at the same place. */
export class OwnServer {
  readonly url: string;
  /** Where it keeps its data. */
  readonly folder: string;
  readonly #cluster: Cluster;
  readonly #port: number;

  private constructor(cluster: Cluster, port: number, folder: string) {
    this.#cluster = cluster;
    this.#port = port;
    this.folder = folder;
    this.url = this.#urlOf(owner);
  }

  static async start(): Promise<OwnServer> {
    const folder = ownFolder();
    await putCluster(folder, 'on');
    const cluster = await prepareCluster(folder, true, silentLog());
    const server = new OwnServer(cluster, await freePort(), folder);
    await server.start();
    await query(server.#urlOf('postgres'), `create database ${owner}`);
    return server;
  }

  async start(): Promise<void> {
    startPostmaster(this.#cluster, this.#port);
    const answers = (): Promise<boolean> =>
      query(this.#urlOf('postgres'), 'select 1').then(
        () => true,
        () => false,
      );
    await eventually(answers, 30_000);
  }

  async stop(): Promise<void> {
    await stopPostmaster(this.#cluster);
  }

  async remove(): Promise<void> {
    await this.stop().catch(() => undefined);
    await endAllOf(this.folder);
  }

  #urlOf(database: string): string {
    return `postgresql://${owner}:${this.#cluster.password}@127.0.0.1:${this.#port}/${database}`;
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}
