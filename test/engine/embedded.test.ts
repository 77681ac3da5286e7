import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbedded } from '../../src/adapters/database/embedded-postgres.ts';
import { openDatabase } from '../../src/adapters/database/open-database.ts';
import { eventually } from '../support/eventually.ts';
import { putCluster, temporaryFolder } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const program = fileURLToPath(new URL('./embedded-child.ts', import.meta.url));

describe('embedded PostgreSQL', () => {
  let root: string;
  let dataDir: string;
  let running: EmbeddedPostgres[];
  let children: ChildProcess[];

  beforeEach(async () => {
    root = temporaryFolder();
    dataDir = join(root, 'data');
    await putCluster(dataDir, 'on');
    running = [];
    children = [];
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const server of running) await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const start = async (folder = dataDir): Promise<EmbeddedPostgres> => {
    const server = await startEmbedded({ dataDir: folder, log: silentLog() });
    running.push(server);
    return server;
  };

  const startInChild = async (): Promise<{ child: ChildProcess; serverPid: unknown }> => {
    const child = fork(program, [dataDir], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const serverPid = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the bot ended before its database was ready')));
    });
    return { child, serverPid };
  };

  const ask = async <Row extends pg.QueryResultRow>(server: EmbeddedPostgres, sql: string): Promise<Row[]> => {
    const client = new pg.Client(server.connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };

  const pidFile = (): string => join(dataDir, 'postgres', 'data', 'postmaster.pid');

  it('keeps what was written over a stop and a start, with fsync on and without a network port', async () => {
    const first = await start();
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(existsSync(pidFile())).toBe(false);

    const second = await start();

    expect(await ask(second, 'select answer from kept')).toEqual([{ answer: 42 }]);
    const settings = await ask(
      second,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as net`,
    );
    expect(settings).toEqual([{ fsync: 'on', net: '' }]);
  });

  it('adopts the server that a killed bot left running', async () => {
    const { child, serverPid } = await startInChild();
    child.kill('SIGKILL');

    const server = await start();

    expect(server.serverPid()).toBe(serverPid);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts a server that was killed together with its bot', async () => {
    const { child, serverPid } = await startInChild();
    child.kill('SIGKILL');
    process.kill(Number(serverPid), 'SIGKILL');

    const server = await start();

    expect(server.serverPid()).not.toBe(serverPid);
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts a server again that dies under it', async () => {
    const server = await start();
    const before = server.serverPid() ?? 0;
    process.kill(before, 'SIGKILL');

    await eventually(async () => (await ask(server, 'select 1 as one').catch(() => [])).length === 1, 15_000);
    expect(server.serverPid()).not.toBe(before);
  });

  it('starts over a pid file whose number is another program now', async () => {
    await (await start()).stop();
    // PostgreSQL itself would refuse: the process is alive.
    writeFileSync(pidFile(), `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1\n5432\n\n\n\n`);

    const server = await start();

    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses a second bot on the same folder, names the first and leaves it alone', async () => {
    const { child } = await startInChild();

    await expect(start()).rejects.toMatchObject({
      code: 'database',
      message: `Another bot (process ${child.pid}) is using the data folder ${dataDir}.`,
      next: expect.stringContaining('SWITCHYARD_DATA'),
    });

    child.kill('SIGKILL');
    const server = await start();
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets one of two bots win that start on a new folder at the same moment', async () => {
    const folder = join(root, 'new');
    const starts = await Promise.allSettled([start(folder), start(folder)]);

    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(readdirSync(folder)).toEqual(['postgres']);
  });

  it('begins anew beside a cluster that was never finished', async () => {
    const leftover = join(dataDir, 'postgres.new-1-aaaaaa');
    mkdirSync(join(leftover, 'data'), { recursive: true });

    const server = await start();

    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(leftover)).toBe(false);
  });

  it('works below a path that is too long for a unix socket', async () => {
    const deep = join(root, 'a'.repeat(80), 'b'.repeat(80));
    await putCluster(deep);
    const server = await start(deep);

    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    rmSync(String(server.connection.host), { recursive: true, force: true });
  });

  it.runIf(process.getuid?.() === 0)('takes over a folder that root restored from a copy', async () => {
    const restored = join(root, 'restored');
    execFileSync('cp', ['-r', dataDir, restored]);

    expect(await ask(await start(restored), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(process.getuid?.() === 0)(
    'refuses the folder of another user at once and says how to hand it over',
    async () => {
      chownSync(join(dataDir, 'postgres', 'data'), 12_345, 12_345);

      await expect(start()).rejects.toMatchObject({
        message: expect.stringContaining('belongs to the user 12345'),
        next: expect.stringContaining('chown -R'),
      });
    },
  );

  it('refuses a folder made by another major version', async () => {
    await (await start()).stop();
    const versionFile = join(dataDir, 'postgres', 'data', 'PG_VERSION');
    const version = readFileSync(versionFile, 'utf8');
    writeFileSync(versionFile, '12\n');

    await expect(start()).rejects.toThrow(`made by PostgreSQL 12; this version brings PostgreSQL ${version.trim()}`);
  });
});

describe('database by URL', () => {
  it('says which server does not answer, without the password', async () => {
    const opening = openDatabase({ databaseUrl: 'postgresql://bot:hunter2@127.0.0.1:1/x', dataDir: '' }, silentLog());

    await expect(opening).rejects.toMatchObject({ code: 'database', message: expect.stringContaining('127.0.0.1:1') });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
  });
});
