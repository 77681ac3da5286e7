import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { CONTOSO, exchangeOptions } from './scripted-exchange.ts';
import { certificate, readBody, unsignedToken } from './scripted-https.ts';

/** What an Exchange of many tenants saw of jobs that ran at once. */
export interface InterleavedJobs {
  readonly requests: number;
  readonly tenants: number;
  /** Requests in which the tenant of the job, of the address, of the token and of the anchor are not all the same. */
  readonly crossed: number;
  /** The most requests that were open at the same moment. */
  readonly together: number;
}

/** Runs jobs of several tenants at once, each one read, with random delays before the token and before the answer. */
export async function runInterleavedJobs(jobs: number, tenants: number): Promise<InterleavedJobs> {
  const ids = Array.from({ length: tenants }, (_, index) => CONTOSO.replace(/01$/u, String(index + 10)));
  const tenantOf = (job: number): string => ids[job % tenants] ?? CONTOSO;
  const seen = { requests: 0, crossed: 0, together: 0 };
  let open = 0;
  const { private: key, cert } = await certificate();
  const server = createServer({ key, cert }, (request, response) => {
    open += 1;
    seen.together = Math.max(seen.together, open);
    void readBody(request).then(async (body) => {
      const name = /"Identity":"(job-\d+)"/u.exec(body)?.[1] ?? 'unknown';
      const token = request.headers.authorization?.split('.')[1] ?? '';
      const named = [
        request.url?.split('/')[3],
        (JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { tid: string }).tid,
        String(request.headers['x-anchormailbox']).split('@')[1],
      ];
      seen.requests += 1;
      if (!named.every((tenant) => tenant === tenantOf(Number(name.slice(4))))) seen.crossed += 1;
      await pause(Math.random() * 20);
      open -= 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const credentials = {
    token: async (tenantId: string) => {
      await pause(Math.random() * 10);
      return unsignedToken(tenantId);
    },
    forget: () => undefined,
  };
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchange = createExchangeOnline(exchangeOptions(url, { credentials }));
  const reads = Array.from({ length: jobs }, (_, job) =>
    exchange.tenant(tenantOf(job)).get('Get-InboundConnector', `job-${job}`),
  );
  await Promise.all(reads);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { ...seen, tenants };
}
