import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';

const MAIN = new URL('../../src/rehearsal/main.ts', import.meta.url).pathname;

/** A rehearsal in a process of its own. */
export interface RehearsalProcess {
  readonly url: string;
  /** What it has written on stderr so far. */
  readonly errors: () => string;
  // biome-ignore lint/suspicious/noExplicitAny: wire data whose shape is what the tests check
  readonly control: (method: string, path: string, body?: unknown) => Promise<any>;
  /** A call of the bot's to the simulated Teams. */
  // biome-ignore lint/suspicious/noExplicitAny: wire data whose shape is what the tests check
  readonly asBot: (method: string, path: string, body: unknown) => Promise<any>;
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

export function spawnRehearsal(dataDir: string, environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    env: { ...process.env, SWITCHYARD_DATA: dataDir, REHEARSAL_PORT: '0', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function startProcess(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<RehearsalProcess> {
  const child = spawnRehearsal(dataDir, environment);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exit = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    exit.then(() => Promise.reject(new Error(`The rehearsal ended: ${errors}`))),
  ]);
  const { url } = JSON.parse(String(line)) as { url: string };
  const control: RehearsalProcess['control'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/control/${path}`, init);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    url,
    errors: () => errors,
    control,
    asBot: async (method, path, body) => {
      const { ENTRA_AUTHORITY, BOT_APP_ID, BOT_APP_SECRET } = await control('GET', 'environment');
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: BOT_APP_ID,
        client_secret: BOT_APP_SECRET,
        scope: 'https://api.botframework.com/.default',
      });
      const token = await https(`${ENTRA_AUTHORITY}/botframework.com/oauth2/v2.0/token`, 'POST', form.toString());
      const bearer = `Bearer ${String(token['access_token'])}`;
      return https(`${ENTRA_AUTHORITY}/teams/v3/${path}`, method, JSON.stringify(body), bearer);
    },
    end: async (signal) => {
      child.kill(signal);
      await exit;
    },
  };
}

async function https(url: string, method: string, body: string, bearer = ''): Promise<Record<string, unknown>> {
  const headers = bearer === '' ? {} : { authorization: bearer, 'content-type': 'application/json' };
  const sent = request(url, { method, headers, rejectUnauthorized: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return (await json(response)) as Record<string, unknown>;
}
