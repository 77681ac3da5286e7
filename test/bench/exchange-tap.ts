import { Agent, request as sendHttps } from 'node:https';
import type { Certificate } from '../../src/rehearsal/certificates.ts';
import { bodyOf, listenHttps } from './https-server.ts';

/** One HTTP call to Exchange; a batch is one call with several cmdlets. Times are `performance.now()`. */
export interface ExchangeCall {
  readonly tenant: string;
  readonly cmdlets: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Stands between the bot and the simulated Exchange, passes everything on and writes down each HTTP call. */
export interface ExchangeTap {
  readonly url: string;
  /** Calls about one tenant that ended at or after the moment, in the order in which they began. */
  callsSince(moment: number, tenant: string): readonly ExchangeCall[];
  stop(): void;
}

export async function startExchangeTap(authority: Certificate, upstream: string): Promise<ExchangeTap> {
  const calls: ExchangeCall[] = [];
  const agent = new Agent({ keepAlive: true, ca: authority.cert });
  const server = await listenHttps(authority, (request, response) => {
    const startedAt = performance.now();
    void bodyOf(request).then((body) => {
      const path = request.url ?? '/';
      const { host: _, ...headers } = request.headers;
      const onward = sendHttps(`${upstream}${path}`, { agent, method: request.method ?? 'GET', headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('end', () => {
          const tenant = /\/adminapi\/beta\/([^/]+)\//u.exec(path)?.[1] ?? '';
          calls.push({ tenant, cmdlets: cmdletsIn(body), startedAt, endedAt: performance.now() });
        });
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  return {
    url: `https://127.0.0.1:${server.port}`,
    callsSince: (moment, tenant) =>
      calls
        .filter((call) => call.tenant === tenant && call.endedAt >= moment)
        .toSorted((a, b) => a.startedAt - b.startedAt),
    stop: () => {
      server.stop();
      agent.destroy();
    },
  };
}

interface Command {
  readonly CmdletInput?: { readonly CmdletName?: string };
}

function cmdletsIn(body: Buffer): readonly string[] {
  const sent = JSON.parse(body.toString('utf8') || '{}') as Command & {
    readonly requests?: readonly { body: Command }[];
  };
  const commands = sent.requests?.map((one) => one.body) ?? [sent];
  return commands.map(({ CmdletInput }) => CmdletInput?.CmdletName ?? 'unknown');
}
