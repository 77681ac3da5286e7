import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that is killed leaves its children to the system, so it is given so long to end in order. */
const orderlyMs = 10_000;
const lookEveryMs = 50;

interface Process {
  readonly pid: number;
  /** Its command line. */
  readonly line: string;
}

/** Processes that have the folder on their command line: the bots of a world, and its database servers. */
export function processesOf(folder: string): readonly Process[] {
  return (process.platform === 'linux' ? fromProc() : fromPs()).filter(({ line }) => line.includes(folder));
}

/** Ends everything that works in the folder, however it is grouped, and removes the folder. */
export async function endAllOf(folder: string): Promise<void> {
  const deadline = Date.now() + orderlyMs;
  for (let left = processesOf(folder); left.length > 0; left = processesOf(folder)) {
    // A bot would start its server again, so what is no server gets no time. SIGQUIT ends a server without delay.
    for (const { pid, line } of left) {
      const isServer = / -D /u.test(line);
      signal(pid, isServer && Date.now() < deadline ? 'SIGQUIT' : 'SIGKILL');
    }
    await pause(lookEveryMs);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

function fromProc(): readonly Process[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.map((pid) => ({ pid, line: lineOf(pid) }));
}

/** Empty when it has ended meanwhile. */
function lineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function fromPs(): readonly Process[] {
  const output = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
  return output.split('\n').map((text) => {
    const [pid = '', ...words] = text.trim().split(' ');
    return { pid: Number(pid), line: words.join(' ') };
  });
}
