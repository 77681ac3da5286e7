import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckpointFile } from './adapters/audit/checkpoint-file.ts';
import { loadSigningKey } from './adapters/audit/signing-key.ts';
import { type Chaos, createChaos } from './adapters/chaos/chaos.ts';
import { type OpenDatabase, openDatabase } from './adapters/database/open-database.ts';
import { createResolvers } from './adapters/dns/resolvers.ts';
import { createDurable } from './adapters/durable/create-durable.ts';
import { createExchangeOnline } from './adapters/exchange-online/exchange-online.ts';
import { fenced } from './adapters/exchange-online/fenced.ts';
import { snapshotOf } from './adapters/exchange-online/snapshot.ts';
import { type ConsentDesk, createConsentDesk } from './adapters/identity/admin-consent.ts';
import { createTenantCredentials } from './adapters/identity/tenant-credentials.ts';
import { loadWorkerProof } from './adapters/identity/worker-proof.ts';
import { createSmtpProbe } from './adapters/smtp/probe.ts';
import { PostgresAuditTrail } from './adapters/store/postgres-audit-trail.ts';
import { PostgresConsentStore } from './adapters/store/postgres-consent-store.ts';
import { PostgresConversationStore } from './adapters/store/postgres-conversation-store.ts';
import { PostgresMessageStore } from './adapters/store/postgres-message-store.ts';
import { PostgresOutbox } from './adapters/store/postgres-outbox.ts';
import { PostgresRequestStore } from './adapters/store/postgres-request-store.ts';
import { PostgresSetUpStore } from './adapters/store/postgres-set-up-store.ts';
import { createTenantDirectory } from './adapters/tenants/tenant-directory.ts';
import type { Services } from './commands/command.ts';
import { createDispatcher } from './commands/dispatch.ts';
import { commands } from './commands/index.ts';
import type { Config, Secrets } from './config/config.ts';
import { keepCheckpoints } from './core/audit/keep-checkpoints.ts';
import type { Clock } from './core/clock.ts';
import type { DurableEngine } from './core/durable.ts';
import { expireOverdue } from './core/expiry.ts';
import { createGate, type Gate } from './core/gate.ts';
import type { Person, Role } from './core/person.ts';
import { confirmFunction, planFunction } from './core/planning.ts';
import { runFunction } from './core/run.ts';
import type { RunServices } from './core/run-services.ts';
import type { Effect } from './core/store.ts';
import type { ManagedTenant } from './ports/tenant-directory.ts';
import type { World } from './ports/world.ts';
import { createServer, type Health } from './server.ts';
import { createBotCredential } from './teams/bot-token.ts';
import { Delivery } from './teams/deliver.ts';
import { TeamsHost } from './teams/host.ts';
import { openTeamsChannel } from './teams/teams-channel.ts';
import { auditUnsigned, configurationDoubtful, defectSeen, requestMoved } from './telemetry/events.ts';
import type { Logger } from './telemetry/log.ts';
import { helpCard } from './views/help.ts';
import { powershell } from './views/powershell.ts';
import { workflows } from './workflows/index.ts';

/** What an application is made of. Everything else follows from it. */
export interface AppOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Logger;
  /** The managed tenants as they are now. */
  readonly listTenants: () => Promise<readonly ManagedTenant[]>;
}

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

type Stores = ReturnType<typeof storesOn>;
type Outside = Awaited<ReturnType<typeof connectOutside>>;

function storesOn({ pool, url }: OpenDatabase, { config, clock }: AppOptions, chaos: Chaos) {
  const auditFolder = join(config.dataFolder, 'audit');
  return {
    requests: chaos.requests(new PostgresRequestStore(pool, undefined, () => clock.now())),
    audit: new PostgresAuditTrail(pool),
    checkpoints: new CheckpointFile(auditFolder, loadSigningKey(auditFolder, config.auditSigningKeyFile)),
    messages: chaos.messages(new PostgresMessageStore(pool)),
    setUps: new PostgresSetUpStore(pool),
    conversations: new PostgresConversationStore(pool),
    consents: new PostgresConsentStore(pool),
    outboxOn: (log: Logger) => new PostgresOutbox(pool, url, log),
  };
}

async function connectOutside({ config, secrets, clock, log, listTenants }: AppOptions, chaos: Chaos) {
  const { entra, worker, exchange: address, compliance, smtp } = config;
  const credentials = createTenantCredentials({
    authority: entra.authority,
    appId: worker.appId,
    proof: await loadWorkerProof(worker.proof, secrets.workerAppSecret, new Date()),
    log,
  });
  const exchange = chaos.exchange(createExchangeOnline({ ...address, compliance, credentials, clock, log }));
  const extraCa = config.extraCaFile ? [await readFile(config.extraCaFile, 'utf8')] : [];
  const probe = createSmtpProbe({ ...smtp, extraCa });
  const tenants = createTenantDirectory(listTenants, exchange);
  void tenants.refresh().catch((error: unknown) => defectSeen(log, error));
  return { credentials, exchange, dns: createResolvers({ servers: config.dns.resolvers }), smtp: probe, tenants };
}

/** In rehearsal the administrator's browser is on this machine. */
function consentDesk(
  { config, clock, log }: AppOptions,
  { credentials }: Outside,
  { consents: store }: Stores,
  port: () => number,
): ConsentDesk {
  const { mode, publicUrl, entra, worker, exchange } = config;
  return createConsentDesk({
    authority: entra.authority,
    appId: worker.appId,
    isRehearsal: mode === 'rehearsal',
    publicUrl: () => publicUrl ?? (mode === 'rehearsal' ? `http://127.0.0.1:${port()}` : null),
    store,
    prove: (tenantId, signal) => {
      credentials.forget(tenantId);
      return credentials.token(tenantId, exchange.scope, signal);
    },
    clock,
    log,
  });
}

function functionsOf(options: AppOptions, outside: Outside, stores: Stores, gate: Gate) {
  const { clock, log } = options;
  const { exchange, dns, smtp } = outside;
  const around = (tenant: World['tenant']) => ({ tenant, dns, smtp, setUps: stores.setUps, clock });
  const services: RunServices<World> = {
    gate,
    store: stores.requests,
    clock,
    policyVersion: policyOf(options.config).version,
    worldOf: (tenant, stillOurs) => ({ ...around(tenant), exchange: fenced(exchange.tenant(tenant.id), stillOurs) }),
    planningWorldOf: (tenant) => ({ ...around(tenant), exchange: snapshotOf(exchange.tenant(tenant.id)) }),
    commandLine: powershell,
    onDefect: (error) => defectSeen(log, error),
  };
  const find = (name: string): (typeof workflows)[number] | undefined => workflows.find((one) => one.name === name);
  const runs = workflows.map((workflow) => runFunction(workflow, services));
  return [planFunction(services, find), confirmFunction(services, find), ...runs];
}

function channelOptions({ config, secrets, log }: AppOptions, stores: Stores): Parameters<typeof openTeamsChannel>[0] {
  const { bot, entra } = config;
  return {
    appId: bot.appId,
    homeTenantId: bot.tenantId,
    tokenIssuer: bot.tokenIssuer,
    openIdMetadataUrl: bot.openIdMetadataUrl,
    serviceHosts: bot.serviceHosts,
    authority: entra.authority,
    credential: createBotCredential({ ...bot, authority: entra.authority, secret: secrets.botAppSecret }),
    cards: fileURLToPath(new URL('../cards', import.meta.url)),
    rehearsal: config.mode === 'rehearsal',
    conversations: stores.conversations,
    log,
  };
}

/** Everything that happens between turns: effects are carried out, overdue requests are closed. */
async function backgroundWork(
  options: AppOptions,
  stores: Stores,
  gate: Gate,
  durable: DurableEngine,
  teams: ConstructorParameters<typeof Delivery>[0]['notifier'],
  chaos: Chaos,
  signal: AbortSignal,
): Promise<void> {
  const { config, clock, log } = options;
  const { requests: store, messages } = stores;
  const engine = chaos.engine(durable);
  const notifier = chaos.notifier(teams);
  const delivery = new Delivery({
    store,
    messages,
    notifier,
    clock,
    operatorConversation: config.operatorConversation,
    log,
  });
  const carryOut = async (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case 'start':
        return engine.start(effect.call);
      case 'message':
        return engine.send(effect.runId, effect.topic, true, effect.key);
      case 'card':
        return delivery.card(effect.requestId);
      case 'notice':
        return delivery.notice(effect);
      case 'set-up':
        // Written with the request itself, in its transaction.
        return;
    }
  };
  await Promise.all([
    stores.outboxOn(log).drain(chaos.effects(carryOut, store), signal),
    expireOverdue({ store, gate, clock }, signal, (error) => defectSeen(log, error)),
    keepCheckpoints({ trail: stores.audit, book: stores.checkpoints, clock }, signal, (error) =>
      auditUnsigned(log, error),
    ),
  ]);
}

function observed(gate: Gate, log: Logger): Gate {
  return {
    submit: async (requestId, event, seen) => {
      const result = await gate.submit(requestId, event, seen);
      requestMoved(log, { request: requestId, event: event.type, result });
      return result;
    },
  };
}

function policyOf(config: Config): { version: string; decideWithinSeconds: number } {
  return { version: 'one-other-approver@1', decideWithinSeconds: config.decideWithinMinutes * 60 };
}

function rolesFrom({ roles, bot }: Config): (person: Person) => readonly Role[] {
  return ({ tenantId, objectId }) => {
    if (tenantId !== bot.tenantId) return [];
    const held: Role[] = [];
    if (roles.requesters.includes(objectId)) held.push('requester');
    if (roles.approvers.includes(objectId)) held.push('approver');
    return held;
  };
}

async function healthOf(database: OpenDatabase, host: TeamsHost, draining: AbortSignal): Promise<Health> {
  const alive = await database.pool.query('select 1').then(
    () => true,
    () => false,
  );
  const checks = { database: alive, signingKeys: host.ready, serving: !draining.aborted };
  return { ready: Object.values(checks).every(Boolean), checks };
}
