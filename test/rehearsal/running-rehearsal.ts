import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRehearsal } from '../../src/rehearsal/rehearsal.ts';
import type { World } from '../../src/rehearsal/world.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: wire data whose shape is what the tests check
  readonly body: any;
}

export interface RunningRehearsal {
  readonly url: string;
  readonly cloud: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly world: World;
  /** JSON in and out of the control API. */
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Any request to the cloud's https listener. */
  send(method: string, path: string, options?: { headers?: Record<string, string>; body?: string }): Promise<Answer>;
  token(tenant: string, scope?: string): Promise<string>;
  /** One InvokeCommand with a good token and the usual headers. */
  invoke(tenant: string, cmdlet: string, parameters?: object, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Nothing lags, but where a test says so. */
const AT_ONCE = { visibleAfterSeconds: 0, roleSeconds: 0, consentSeconds: 0, graphSeconds: 0 };

export const EXCHANGE_SCOPE = 'https://outlook.office365.com/.default';

/** The whole simulated cloud on free ports, stopped with the test file. */
export async function runningRehearsal(): Promise<RunningRehearsal> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  const rehearsal = await startRehearsal({
    port: 0,
    speed: 1,
    dataDir,
    botEndpoint: 'http://127.0.0.1:9/api/messages',
    switches: AT_ONCE,
  });
  const { environment, world, url } = rehearsal;
  const cloud = String(environment['ENTRA_AUTHORITY']);
  const tenantId = (name: string): string => [...world.tenants.values()].find((one) => one.name === name)?.id ?? name;

  const send: RunningRehearsal['send'] = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, cloud), { method, headers, rejectUnauthorized: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const raw = Buffer.concat(chunks);
          resolve({ status: response.statusCode ?? 0, headers: response.headers, raw, body: parsed(raw) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  const token: RunningRehearsal['token'] = async (tenant, scope = EXCHANGE_SCOPE) => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: String(environment['WORKER_APP_ID']),
      client_secret: String(environment['WORKER_APP_SECRET']),
      scope,
    }).toString();
    const answer = await send('POST', `/${tenantId(tenant)}/oauth2/v2.0/token`, { body });
    return String(answer.body?.access_token);
  };

  return {
    url,
    cloud,
    environment,
    world,
    send,
    token,
    control: async (method, path, body) => {
      const response = await fetch(url + path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const raw = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: Object.fromEntries(response.headers), raw, body: parsed(raw) };
    },
    invoke: async (tenant, cmdlet, parameters = {}, headers = {}) =>
      send('POST', `/adminapi/beta/${tenantId(tenant)}/InvokeCommand`, {
        headers: {
          authorization: `Bearer ${await token(tenant)}`,
          'content-type': 'application/json; charset=utf-8',
          'x-anchormailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${tenantId(tenant)}`,
          ...headers,
        },
        body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
      }),
    stop: async () => {
      await rehearsal.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
}
