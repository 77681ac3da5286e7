import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const STOP_WITHIN_MS = 20_000;

/** A program of ours that said it is ready. */
export interface RunningProgram {
  readonly pid: number;
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts a TypeScript program of this repository and waits for the line that says it is ready. */
export async function startProgram(options: {
  readonly file: URL;
  readonly environment: Readonly<Record<string, string>>;
  readonly ready: RegExp;
  readonly nodeOptions?: readonly string[];
}): Promise<RunningProgram> {
  const began = performance.now();
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), fileURLToPath(options.file)], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Where the bench itself ends early, nothing stays behind.
  const abandon = (): boolean => child.kill();
  process.once('exit', abandon);
  child.once('exit', () => process.off('exit', abandon));
  await untilSaid(child, options.ready);
  const readyMs = performance.now() - began;
  return { pid: child.pid ?? 0, readyMs, stop: () => stop(child) };
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

async function untilSaid(child: ChildProcess, ready: RegExp): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The program has no output.');
  const complaints: string[] = [];
  stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  for await (const line of createInterface(stdout)) {
    if (!ready.test(line)) continue;
    stdout.resume();
    return;
  }
  throw new Error(`The program ended before it was ready. ${complaints.join('').trim()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(last);
}
