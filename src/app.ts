import { createChaos } from './adapters/chaos/chaos.ts';
import { openDatabase } from './adapters/database/open-database.ts';
import { createDurable } from './adapters/durable/create-durable.ts';
import type { AppOptions } from './app/app-options.ts';
import { backgroundWork } from './app/background-work.ts';
import { channelOptions } from './app/channel-options.ts';
import { consentDesk } from './app/consent-desk.ts';
import { functionsOf } from './app/durable-functions.ts';
import { healthOf } from './app/health.ts';
import { observed } from './app/observed-gate.ts';
import { connectOutside } from './app/outside.ts';
import { policyOf, rolesFrom } from './app/policy.ts';
import { storesOn } from './app/stores.ts';
import type { Services } from './commands/command.ts';
import { createDispatcher } from './commands/dispatch.ts';
import { commands } from './commands/index.ts';
import { createGate } from './core/gate.ts';
import { createServer } from './server.ts';
import { TeamsHost } from './teams/host.ts';
import { openTeamsChannel } from './teams/teams-channel.ts';
import { configurationDoubtful, defectSeen } from './telemetry/events.ts';
import { helpCard } from './views/help.ts';
import { workflows } from './workflows/index.ts';

/** A running bot. */
export interface App {
  readonly port: number;
  /** Finishes what is in hand and stops; open runs go on at the next start. */
  close(): Promise<void>;
}

/** Wires everything together and starts it. What was started is stopped again when a later part fails. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, secrets, clock, log } = options;
  for (const warning of config.warnings) configurationDoubtful(log, { warning });
  await using started = new AsyncDisposableStack();
  const ending = new AbortController();
  const draining = new AbortController();
  const database = await openDatabase({ databaseUrl: secrets.databaseUrl, dataDir: config.dataFolder }, log);
  started.defer(() => database.close());
  const chaos = createChaos(config.failpointFile);
  const outside = await connectOutside(options, chaos);
  const stores = storesOn(database, options, chaos);
  const gate = observed(createGate(stores.requests, clock, policyOf(config)), log);
  const durable = createDurable({
    url: database.url,
    pool: database.pool,
    clock,
    log,
    functions: chaos.functions(functionsOf(options, outside, stores, gate), stores.requests),
  });
  await durable.launch();
  started.defer(() => durable.stop());

  const services: Services = {
    store: stores.requests,
    messages: stores.messages,
    setUps: stores.setUps,
    gate,
    clock,
    tenants: outside.tenants,
    workflows,
    questions: commands,
  };
  const channel = openTeamsChannel(channelOptions(options, stores), ending.signal);
  const host = new TeamsHost({
    channel,
    dispatcher: createDispatcher(services, (error) => defectSeen(log, error)),
    rolesOf: rolesFrom(config),
    welcome: () => helpCard({ workflows, questions: commands }),
  });
  const loops = backgroundWork(options, stores, gate, durable, channel.notifier, chaos, ending.signal);
  started.defer(async () => {
    ending.abort();
    await loops;
  });
  const consents = consentDesk(options, outside, stores, () => port);
  const server = createServer({
    bot: host,
    log,
    health: () => healthOf(database, host, draining.signal),
    consent: (query) => consents.callback(query),
  });
  const port: number = await server.listen(config.http.port, config.http.host);
  started.defer(async () => {
    draining.abort();
    await server.close();
    await host.settled();
  });
  const everything = started.move();
  return { port, close: () => everything.disposeAsync() };
}
