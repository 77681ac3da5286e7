import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from '../../telemetry/log.ts';
import { claimCluster } from './cluster-owner.ts';
import { DatabaseError } from './database-error.ts';
import { type PostgresBinaries, preparePostgresBinaries } from './postgres-binaries.ts';
import { runProgram } from './run-program.ts';
import { type Account, mayEnter, unprivilegedAccount } from './unprivileged-account.ts';

/** The private database cluster of one bot: where it is, whose it is, how to get in. */
export interface Cluster {
  /** Holds everything below. */
  readonly home: string;
  readonly dataFolder: string;
  readonly serverLog: string;
  /** Folder of the unix socket, or null where there is none and a loopback port is used. */
  readonly socketFolder: string | null;
  readonly password: string;
  readonly account: Account | null;
  readonly binaries: PostgresBinaries;
}

/** Name of the database, of its owner and of the folder for what root cannot keep in its own home. */
export const owner = 'switchyard';
const rootsFolder = `/var/lib/${owner}`;
// Unix socket paths end at 107 bytes (103 on macOS), `/.s.PGSQL.5432` included.
const longestSocketFolder = 85;

/** Makes the cluster below `dataDir` if it is not there yet. A half-made one is never seen: it is renamed when ready. */
export async function prepareCluster(dataDir: string, overTcp: boolean, log: Logger): Promise<Cluster> {
  const account = unprivilegedAccount();
  const base = reachableFolder(resolve(dataDir), account, log);
  const home = join(base, 'postgres');
  const binaries = preparePostgresBinaries(account === null ? base : rootsFolder, account);
  if (!existsSync(home)) await initialise(home, binaries, account);
  claimCluster(home, account);
  refuseOtherMajor(home, binaries);
  return {
    home,
    dataFolder: join(home, 'data'),
    serverLog: join(home, 'server.log'),
    socketFolder: overTcp ? null : makeSocketFolder(home, account),
    password: readFileSync(join(home, 'password'), 'utf8').trim(),
    account,
    binaries,
  };
}

/** Whether there is a cluster below `dataDir`. */
export function hasCluster(dataDir: string, log: Logger): boolean {
  return (
    existsSync(dataDir) && existsSync(join(reachableFolder(resolve(dataDir), unprivilegedAccount(), log), 'postgres'))
  );
}

/** The data folder itself, or, when we are root and `nobody` may not enter it (as below /root), one in /var/lib. */
function reachableFolder(dataDir: string, account: Account | null, log: Logger): string {
  mkdirSync(dataDir, { recursive: true });
  if (account === null) return dataDir;
  chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  if (mayEnter(dataDir, account)) return dataDir;
  const elsewhere = join(rootsFolder, shortHash(dataDir));
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  log.warn(
    { dataDir, database: elsewhere },
    'PostgreSQL does not run as root and cannot enter the data folder; the database is kept elsewhere',
  );
  return elsewhere;
}

async function initialise(home: string, binaries: PostgresBinaries, account: Account | null): Promise<void> {
  const unfinished = `${home}.new-${process.pid}-${randomBytes(3).toString('hex')}`;
  const passwordFile = join(unfinished, 'password');
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    writeFileSync(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
    giveTo(account, unfinished, passwordFile);
    const access = [`--username=${owner}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const text = ['--encoding=UTF8', '--locale=C', '--no-instructions'];
    await runProgram(binaries.initdb, [`--pgdata=${join(unfinished, 'data')}`, ...access, ...text], account);
    renameSync(unfinished, home);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another bot made the same cluster in the same moment; which of the two may stay is decided later.
    if (existsSync(home)) return;
    throw new DatabaseError(`The database could not be created in ${home}: ${messageOf(cause)}`, {
      operation: 'create the embedded database',
      next: 'Check free space and write permission of that folder, or choose another one with SWITCHYARD_DATA.',
      cause,
    });
  }
}

function refuseOtherMajor(home: string, { major }: PostgresBinaries): void {
  const found = readFileSync(join(home, 'data', 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new DatabaseError(
    `The database in ${home} was made by PostgreSQL ${found}; this version brings PostgreSQL ${major}.`,
    {
      operation: 'open the embedded database',
      next: 'Start the Switchyard version that made it, or choose another folder with SWITCHYARD_DATA.',
    },
  );
}

function makeSocketFolder(home: string, account: Account | null): string {
  const near = join(home, 'run');
  const folder = Buffer.byteLength(near) <= longestSocketFolder ? near : join(tmpdir(), `${owner}-${shortHash(home)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const expected = account?.uid ?? process.getuid?.();
  if (account !== null && statSync(folder).uid === 0) giveTo(account, folder);
  if (statSync(folder).uid !== expected) {
    throw new DatabaseError(`The folder ${folder} belongs to another user.`, {
      operation: 'open the embedded database',
      next: 'Remove that folder, or choose a shorter path with SWITCHYARD_DATA.',
    });
  }
  return folder;
}

function giveTo(account: Account | null, ...paths: readonly string[]): void {
  if (account === null) return;
  for (const path of paths) chownSync(path, account.uid, account.gid);
}

function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
