import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { quietEnvironment, runProgram } from './run-program.ts';

/** Port in the name of the unix socket; nothing listens on it. */
export const socketPort = 5432;

/** Starts the server in a session of its own, so that neither Ctrl-C nor a killed bot takes it down unprepared. */
export function startPostmaster(cluster: Cluster, port: number): void {
  const { account, binaries, dataFolder, serverLog, socketFolder } = cluster;
  if (existsSync(serverLog)) renameSync(serverLog, `${serverLog}.1`);
  const output = openSync(serverLog, 'a', 0o600);
  const settings = {
    listen_addresses: socketFolder === null ? '127.0.0.1' : '',
    unix_socket_directories: socketFolder ?? '',
    unix_socket_permissions: '0700',
    port: String(port),
    max_connections: '100',
    shared_buffers: '64MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', dataFolder, ...options], {
    ...account,
    cwd: process.platform === 'win32' ? dataFolder : '/',
    env: quietEnvironment(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
  });
  // A server that cannot be started shows itself by not answering.
  child.on('error', () => undefined);
  child.unref();
  closeSync(output);
}

/** Stops the server after it has written everything to disk. */
export async function stopPostmaster({ account, binaries, dataFolder }: Cluster): Promise<void> {
  await runProgram(binaries.pgCtl, ['stop', '-D', dataFolder, '-m', 'fast', '-w', '-t', '30', '-s'], account);
}

/** What a running server wrote about itself. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
}

/** The server's own pid file, or null when there is none or it is not complete yet. */
export function readPostmasterFile({ dataFolder }: Cluster): PostmasterFile | null {
  try {
    const lines = readFileSync(pidFile(dataFolder), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, port: Number(lines[3]) || socketPort } : null;
  } catch {
    return null;
  }
}

/**
 * Whether a server of this cluster is alive. A pid file whose process is not a PostgreSQL (the machine was restarted
 * and the number is another program's now) is removed, because PostgreSQL itself would refuse to start over it.
 */
export function postmasterAlive(cluster: Cluster): boolean {
  const file = readPostmasterFile(cluster);
  if (file === null) return false;
  if (isPostgres(file.pid)) return true;
  rmSync(pidFile(cluster.dataFolder), { force: true });
  return false;
}

function pidFile(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

function isPostgres(pid: number): boolean {
  try {
    // Windows gives no cheap way to ask for the program; there any living process counts.
    if (process.platform === 'win32') return process.kill(pid, 0);
    return /postgres/.test(commandLine(pid));
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
}
