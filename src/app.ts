import { createChaos } from './adapters/chaos/chaos.ts';
import { databaseClock } from './adapters/database/database-clock.ts';
import { openDatabase } from './adapters/database/open-database.ts';
import { createDurable } from './adapters/durable/create-durable.ts';
import type { ConsentDesk } from './adapters/identity/admin-consent.ts';
import type { GivenOptions } from './app/app-options.ts';
import { backgroundWork } from './app/background-work.ts';
import { channelOptions } from './app/channel-options.ts';
import { consentDesk } from './app/consent-desk.ts';
import { functionsOf } from './app/durable-functions.ts';
import { healthOf, warnOfOperators } from './app/health.ts';
import { observed } from './app/observed-gate.ts';
import { connectOutside } from './app/outside.ts';
import { openPolicy } from './app/policy.ts';
import { servicesOf } from './app/services.ts';
import { signInDesk } from './app/sign-in-desk.ts';
import { storesOn } from './app/stores.ts';
import { tellConsentWith } from './app/tell-consent.ts';
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
export async function createApp(given: GivenOptions): Promise<App> {
  const { config, secrets, log } = given;
  for (const warning of config.warnings) configurationDoubtful(log, { warning });
  await using started = new AsyncDisposableStack();
  const ending = new AbortController();
  const draining = new AbortController();
  const { databaseUrl, databaseOwnerUrl } = secrets;
  const database = await openDatabase({ databaseUrl, databaseOwnerUrl, dataDir: config.dataFolder }, log);
  started.defer(() => database.close());
  const clock = given.clock ?? started.use(await databaseClock(database.pool));
  const options = { ...given, clock };
  const chaos = createChaos(config.failpointFile);
  const outside = await connectOutside(options, chaos);
  const stores = storesOn(database, options, chaos);
  const roles = await openPolicy(options, stores);
  const gate = observed(createGate(stores.requests, clock, stores.policies), log);
  const { functions, gateOfPeople } = functionsOf(options, outside, stores, gate, roles);
  const durable = createDurable({
    url: database.url,
    pool: database.pool,
    clock,
    log,
    functions: chaos.functions(functions, stores.requests),
  });
  await durable.launch();
  started.defer(() => durable.stop());

  const deciding = { gate: gateOfPeople, roles };
  const signIns = signInDesk(options, stores, deciding, () => ({ port, consent }));
  const consent: ConsentDesk = consentDesk(options, outside, stores, () => port, signIns);
  const channel = openTeamsChannel(channelOptions(options, stores), ending.signal);
  const notifier = chaos.notifier(channel.notifier);
  await warnOfOperators(options, notifier);
  const services = servicesOf(options, outside, stores, { ...deciding, consent, signIns, notifier });
  const host = new TeamsHost({
    channel,
    dispatcher: createDispatcher(services, (error) => defectSeen(log, error)),
    roles,
    asksWhoIsGuest: config.homeDirectory === 'none',
    welcome: () => helpCard({ workflows, questions: commands }),
  });
  const tellConsent = tellConsentWith(options, outside, stores, { consent, notifier, roles });
  const loops = backgroundWork(options, { stores, gate, durable, notifier, roles, chaos, tellConsent }, ending.signal);
  started.defer(async () => {
    ending.abort();
    await loops;
  });
  const server = createServer({
    bot: host,
    log,
    health: () => healthOf(options, database, host, notifier, draining.signal),
    consent,
    pages: signIns?.routes ?? [],
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
