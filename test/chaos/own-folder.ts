import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/postgres.ts';

const program = fileURLToPath(new URL('./last-will.ts', import.meta.url));
let executor: ChildProcess | null = null;

/** A temporary folder. It goes, and every process that works in it is ended, even when this process is killed. */
export function ownFolder(): string {
  const folder = temporaryFolder();
  executor ??= startExecutor();
  executor.stdin?.write(`${folder}\n`);
  return folder;
}

/** In a session of its own, where neither Ctrl-C nor a signal to the group of the harness reaches it. */
function startExecutor(): ChildProcess {
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  child.unref();
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
