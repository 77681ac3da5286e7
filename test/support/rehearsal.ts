import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

/** A simulated cloud in a process of its own, as `npm run rehearsal` starts it. */
export interface RunningRehearsal {
  readonly url: string;
  /** What a bot must be configured with to work against it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls the control API; a body makes it a POST. Gives the parsed JSON answer, throws when it is refused. */
  control(path: string, body?: unknown, method?: 'POST' | 'PUT'): Promise<unknown>;
  stop(): Promise<void>;
}

const rights = { roleSeconds: 0, consentSeconds: 0, graphSeconds: 0 };
/** Rights act at once, as few stories are about them; objects show as late as they really do. */
export const RIGHTS_AT_ONCE = JSON.stringify(rights);
/** Nothing lags: for those who count calls and seconds. */
const AT_ONCE = JSON.stringify({ ...rights, visibleAfterSeconds: 0 });
const program = fileURLToPath(new URL('../../src/rehearsal/main.ts', import.meta.url));

/** Starts a rehearsal on free ports with a data folder of its own. */
export async function startRehearsal(variables: Readonly<Record<string, string>> = {}): Promise<RunningRehearsal> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-rehearsal-'));
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      SWITCHYARD_DATA: folder,
      REHEARSAL_PORT: '0',
      REHEARSAL_CHILD: '1',
      REHEARSAL_SWITCHES: AT_ONCE,
      ...variables,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const url = await readyUrl(child);
  const control = (path: string, body?: unknown, method: 'POST' | 'PUT' = 'POST'): Promise<unknown> =>
    callControl(`${url}/control/${path}`, body, method);
  const environment = (await control('environment')) as Record<string, string>;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  return { url, environment, control, stop };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  if (!child.stdout) throw new Error('The rehearsal has no output.');
  for await (const line of createInterface(child.stdout)) {
    const report = JSON.parse(line) as { ready?: boolean; url?: string };
    if (report.ready === true && report.url !== undefined) {
      child.stdout.resume();
      return report.url;
    }
  }
  throw new Error(`The rehearsal ended before it was ready: ${errors.join('')}`);
}

async function callControl(address: string, body: unknown, method: string): Promise<unknown> {
  const sent = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(address, body === undefined ? {} : sent);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${text}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}
