import { request } from 'node:https';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Tenant } from '../../../src/rehearsal/exchange/tenant.ts';
import { type Answer, EXCHANGE_SCOPE, type RunningRehearsal, runningRehearsal } from '../running-rehearsal.ts';

export const COMPLIANCE_SCOPE = 'https://ps.compliance.protection.outlook.com/.default';
export const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';

type Facts = Readonly<Record<string, unknown>>;

/** The simulated cloud as a client meets it: over TLS, with tokens, after a fresh reset for every test. */
export interface Wire {
  readonly rehearsal: RunningRehearsal;
  id(tenant: string): string;
  tenant(name: string): Tenant;
  /** One cmdlet on Exchange. */
  run(cmdlet: string, parameters?: Facts, tenant?: string, headers?: Record<string, string>): Promise<Answer>;
  /** One cmdlet on the compliance host, whose redirect is followed unless the host of the region is asked at once. */
  comply(cmdlet: string, parameters?: Facts, tenant?: string, host?: 'localhost' | '127.0.0.1'): Promise<Answer>;
  graph(method: string, path: string, body?: unknown, tenant?: string): Promise<Answer>;
  /** PUT /control/directory for a tenant. */
  directory(change: Facts, tenant?: string): Promise<Answer>;
  advance(by: string): Promise<unknown>;
  arm(fault: Facts): Promise<Answer>;
}

export function wire(): Wire {
  let rehearsal: RunningRehearsal;
  /** Good until the world changes around them. */
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    rehearsal = await runningRehearsal();
  });
  afterAll(() => rehearsal.stop());
  beforeEach(async () => {
    tokens.clear();
    await rehearsal.control('POST', '/control/reset', {});
  });
  const tenant = (name: string): Tenant => {
    const found = [...rehearsal.world.tenants.values()].find((one) => one.name === name);
    if (!found) throw new RangeError(name);
    return found;
  };
  const id = (name: string): string => tenant(name).id;
  const token = async (name: string, scope = EXCHANGE_SCOPE): Promise<string> => {
    const key = `${name} ${scope}`;
    const known = tokens.get(key) ?? (await rehearsal.token(name, scope));
    tokens.set(key, known);
    return known;
  };
  const change = (method: string, path: string, body: Facts): Promise<Answer> => {
    tokens.clear();
    return rehearsal.control(method, `/control/${path}`, body);
  };
  return {
    get rehearsal() {
      return rehearsal;
    },
    id,
    tenant,
    run: async (cmdlet, parameters = {}, name = 'contoso', headers = {}) =>
      rehearsal.send('POST', `/adminapi/beta/${id(name)}/InvokeCommand`, {
        headers: {
          authorization: headers['authorization'] ?? `Bearer ${await token(name)}`,
          'content-type': 'application/json; charset=utf-8',
          ...headers,
        },
        body: bodyOf(cmdlet, parameters),
      }),
    comply: async (cmdlet, parameters = {}, name = 'contoso', host = 'localhost') => {
      const path = `/adminapi/beta/${id(name)}/InvokeCommand`;
      const url = `https://${host}:${rehearsal.world.ports.compliance}${path}`;
      return post(url, await token(name, COMPLIANCE_SCOPE), bodyOf(cmdlet, parameters));
    },
    graph: async (method, path, body, name = 'contoso') => {
      const headers = { authorization: `Bearer ${await token(name, GRAPH_SCOPE)}` };
      const options = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
      return rehearsal.send(method, `/v1.0/${path}`, options);
    },
    directory: (facts, name = 'contoso') => change('PUT', 'directory', { tenant: name, ...facts }),
    advance: (by) => change('POST', 'clock', { advance: by }),
    arm: (fault) => change('POST', 'faults', { where: 'exchange', ...fault }),
  };
}

export function bodyOf(cmdlet: string, parameters: Facts): string {
  return JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } });
}

/** One request to any of the cloud's addresses. */
export function post(url: string, token: string, body: string, further: Record<string, string> = {}): Promise<Answer> {
  const usual = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
  const headers = { ...usual, ...further };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, rejectUnauthorized: false, family: 4 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const raw = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, raw, body: jsonOrNull(raw) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function jsonOrNull(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
}

/** The full name of the exception in an error answer. */
export function typeOf({ body }: Answer): string {
  return String(body.error.details[0].message).split('|')[1] ?? '';
}

/** The human part of an error answer. */
export function textOf({ body }: Answer): string {
  return String(body.error.details[0].message).split('|').slice(2).join('|');
}

export const PARTNER = {
  Name: 'gate',
  ConnectorType: 'Partner',
  SenderDomains: '*',
  SenderIPAddresses: ['65.99.255.0/24'],
};

export const ROUTED = {
  Name: 'out',
  ConnectorType: 'Partner',
  UseMXRecord: false,
  SmartHosts: ['outbound.exchangedefender.com'],
  IsTransportRuleScoped: true,
};
