import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalIdentity } from '../../src/rehearsal/entra/rehearsal-identity.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { freePort, type RunningProgram, startProgram } from './bot-process.ts';
import { Channel } from './channel.ts';
import { type ConnectorStub, startConnectorStub } from './connector-stub.ts';
import { startControlProxy } from './control-proxy.ts';
import { type ExchangeTap, startExchangeTap } from './exchange-tap.ts';
import { readRehearsalSecrets } from './https-server.ts';

/** Where a bot takes activities, and its process. */
export interface BotUnderTest {
  readonly url: string;
  readonly pid: number;
}

/** A bot at work, beside a stock one, in a cloud in which the bench sees every call. */
export interface BenchWorld extends AsyncDisposable {
  readonly rehearsal: RunningRehearsal;
  readonly ours: BotUnderTest;
  readonly stock: BotUnderTest;
  readonly tap: ExchangeTap;
  readonly connector: ConnectorStub;
  readonly channel: Channel;
  /** The bot's data folder. */
  readonly folder: string;
}

/** `nodeOptions` go to the bot's process, for profiling. */
export async function startBenchWorld(nodeOptions: readonly string[] = []): Promise<BenchWorld> {
  await using started = new AsyncDisposableStack();
  const port = await freePort();
  const rehearsal = await startRehearsal({ PORT: String(port) });
  started.defer(() => rehearsal.stop());
  const { EXTRA_CA_FILE = '', EXCHANGE_BASE_URL = '', BOT_SERVICE_HOSTS = '' } = rehearsal.environment;
  const { authority, keys } = await readRehearsalSecrets(EXTRA_CA_FILE);
  const connector = await startConnectorStub(authority);
  started.defer(() => connector.stop());
  const tap = await startExchangeTap(authority, EXCHANGE_BASE_URL);
  started.defer(() => tap.stop());
  const changed = { EXCHANGE_BASE_URL: tap.url, BOT_SERVICE_HOSTS: `${BOT_SERVICE_HOSTS},${connector.host}` };
  const control = await startControlProxy(rehearsal.url, changed);
  started.defer(() => control.stop());
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const bot = await startProgram({
    file: new URL('../../src/main.ts', import.meta.url),
    environment: { PORT: String(port), SWITCHYARD_DATA: folder, SWITCHYARD_REHEARSAL_URL: control.url },
    ready: /is ready after/u,
    nodeOptions,
  });
  started.defer(() => bot.stop());
  const stockPort = await freePort();
  const stock = await startStockBot(stockPort, rehearsal.environment);
  started.defer(() => stock.stop());
  const channel = await Channel.open(new RehearsalIdentity(keys), connector.serviceUrl);
  started.defer(() => channel.close());
  const everything = started.move();
  return {
    rehearsal,
    ours: { url: `http://127.0.0.1:${port}/api/messages`, pid: bot.pid },
    stock: { url: `http://127.0.0.1:${stockPort}/api/messages`, pid: stock.pid },
    tap,
    connector,
    channel,
    folder,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function startStockBot(port: number, environment: Readonly<Record<string, string>>): Promise<RunningProgram> {
  const { BOT_APP_ID = '', BOT_OPENID_METADATA_URL = '', BOT_TOKEN_ISSUER = '', ENTRA_AUTHORITY = '' } = environment;
  return startProgram({
    file: new URL('./stock-bot.ts', import.meta.url),
    environment: {
      PORT: String(port),
      BOT_APP_ID,
      BOT_OPENID_METADATA_URL,
      BOT_TOKEN_ISSUER,
      ENTRA_AUTHORITY,
      NODE_EXTRA_CA_CERTS: environment['EXTRA_CA_FILE'] ?? '',
    },
    ready: /^ready$/u,
  });
}
