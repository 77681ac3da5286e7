import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { prepareCluster } from '../../src/adapters/database/cluster.ts';
import { startEmbedded } from '../../src/adapters/database/embedded-postgres.ts';
import { silentLog } from './silent-log.ts';

/** Both kinds of server that the product runs on. */
export const serverKinds = ['embedded', 'external'] as const;
export type ServerKind = (typeof serverKinds)[number];

/** A PostgreSQL server for a test. */
export interface TestServer {
  /** URL of a new, empty database. */
  newDatabase(): Promise<string>;
  /** Kills the server with SIGKILL, where it is ours to kill; it comes back by itself. */
  readonly kill: (() => void) | null;
  stop(): Promise<void>;
}

/**
 * `embedded` is the product's own, over a unix socket. `external` is the one DATABASE_URL names; without it a second
 * server from the same binaries, over TCP.
 */
export async function startServer(kind: ServerKind): Promise<TestServer> {
  const given = process.env['DATABASE_URL'];
  if (kind === 'external' && given !== undefined) return databasesOf(given, null, async () => undefined);
  const dataDir = temporaryFolder();
  await putCluster(dataDir);
  const server = await startEmbedded({ dataDir, log: silentLog(), overTcp: kind === 'external' });
  const kill = (): void => {
    const pid = server.serverPid();
    if (pid !== null) process.kill(pid, 'SIGKILL');
  };
  return databasesOf(server.url, kill, async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

/**
 * Puts a new cluster into the folder. It is copied, because making one takes seconds on a busy machine. `fsync` is on
 * where the subject is the server as the product runs it, or how long something takes.
 */
export async function putCluster(dataDir: string, fsync: 'on' | 'off' = 'off'): Promise<void> {
  const cache = fileURLToPath(
    new URL(`../../node_modules/.cache/switchyard-test-${process.getuid?.() ?? 'user'}`, import.meta.url),
  );
  const { home } = await prepareCluster(cache, true, silentLog());
  mkdirSync(dataDir, { recursive: true });
  if (process.platform === 'win32') cpSync(home, join(dataDir, 'postgres'), { recursive: true });
  else execFileSync('cp', ['-a', home, join(dataDir, 'postgres')]);
  // Only a machine that goes down loses what was not synchronised; a server that is killed loses nothing.
  if (fsync === 'off') appendFileSync(join(dataDir, 'postgres', 'data', 'postgresql.auto.conf'), 'fsync = off\n');
}

/** A folder that other accounts may enter, as PostgreSQL needs it when the tests run as root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
  chmodSync(folder, 0o755);
  return folder;
}

function databasesOf(adminUrl: string, kill: (() => void) | null, stop: () => Promise<void>): TestServer {
  const created: string[] = [];
  return {
    kill,
    async newDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await asAdmin(adminUrl, `create database ${name}`);
      created.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      if (kill === null)
        for (const name of created) await asAdmin(adminUrl, `drop database if exists ${name} with (force)`);
      await stop();
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
