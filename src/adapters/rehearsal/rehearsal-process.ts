import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../rehearsal/main.ts', import.meta.url));

/** The simulated cloud, running as a process of its own. It also stops when this process dies. */
export interface RehearsalProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the simulated cloud and waits until it is ready. What it says when it cannot start becomes the error. */
export async function startRehearsalProcess(environment: Readonly<Record<string, string>>): Promise<RehearsalProcess> {
  // Detached, so that Ctrl-C reaches the bot alone, which then stops the cloud after itself.
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment, REHEARSAL_CHILD: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const url = await Promise.race([readyUrl(child), failure(child, complaints)]);
  child.stderr.pipe(process.stderr);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

async function readyUrl(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said === 'object' && said !== null && 'url' in said) {
      child.stdout.resume();
      return String(said.url);
    }
  }
  return new Promise(() => undefined);
}

async function failure(child: ChildProcess, complaints: readonly string[]): Promise<never> {
  await once(child, 'exit');
  throw new Error(complaints.join('').trim() || 'The simulated cloud ended before it was ready.');
}

/** Long, because loading the rest of the program keeps this process from noticing an answer, on a slow machine for seconds. */
const patienceMs = 60_000;

/** The variables with which a bot works against the rehearsal at this address. */
export async function rehearsalEnvironment(url: string): Promise<Record<string, string>> {
  const response = await fetch(`${url}/control/environment`, { signal: AbortSignal.timeout(patienceMs) }).catch(
    (cause: unknown) => {
      throw new Error(
        `No rehearsal answers at ${url}. Start it with npm run rehearsal, or unset SWITCHYARD_REHEARSAL_URL.`,
        {
          cause,
        },
      );
    },
  );
  return (await response.json()) as Record<string, string>;
}
