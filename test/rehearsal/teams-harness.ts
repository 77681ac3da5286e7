import { createServer } from 'node:http';
import { VirtualClock } from '../../src/rehearsal/clock.ts';
import { DnsData } from '../../src/rehearsal/dns/dns-data.ts';
import {
  BOT_TOKEN_ISSUER,
  createIdentityKeys,
  RehearsalIdentity,
} from '../../src/rehearsal/entra/rehearsal-identity.ts';
import { Tenants } from '../../src/rehearsal/exchange/tenants.ts';
import { Faults } from '../../src/rehearsal/faults.ts';
import { json, listener, type Route } from '../../src/rehearsal/http.ts';
import { Journal } from '../../src/rehearsal/journal.ts';
import { TraceStore } from '../../src/rehearsal/mail-flow/trace.ts';
import { portsFrom } from '../../src/rehearsal/ports.ts';
import { SmtpData } from '../../src/rehearsal/smtp/smtp-data.ts';
import { resetTeams, startTeams, teamsRoutes } from '../../src/rehearsal/teams/routes.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { eventually } from '../support/eventually.ts';
import { close, listen, startTestBot, type TestBot } from './teams-bot.ts';

/** A message as the control API shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly rootId: string | null;
  readonly text: string;
  readonly edits: number;
  readonly refreshFor: readonly string[];
}

/** The fields of the control API's answers that tests read; `http` is the status. */
export interface Answer extends ShownMessage {
  readonly http: number;
  readonly error: string;
  readonly activityId: string;
  readonly delivered: boolean;
  readonly status: number | null;
  readonly outcome: string;
  readonly replies: readonly ShownMessage[];
  readonly messages: readonly ShownMessage[];
}

/** The simulated Teams on real ports with a real botbuilder bot behind it. */
export interface Harness {
  readonly world: World;
  readonly bot: TestBot;
  /** Of the page and the control API. */
  readonly url: string;
  readonly cloud: string;
  post(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  reset(): void;
  stop(): Promise<void>;
}

/** How often a bot that comes up is told that it is installed, and who the members are. */
export const INSTALLS = 16;

/** A harness whose bot was told of all its conversations already. */
export async function startInstalled(): Promise<Harness> {
  const harness = await startHarness();
  const { activities } = harness.bot;
  await eventually(() => activities.length === INSTALLS);
  activities.length = 0;
  return harness;
}

export async function startHarness(more: (world: World) => readonly Route[] = () => []): Promise<Harness> {
  const clock = new VirtualClock(10);
  const identity = new RehearsalIdentity(await createIdentityKeys());
  const world: World = {
    clock,
    identity,
    journal: new Journal(() => clock.now()),
    faults: new Faults(),
    tenants: new Tenants(),
    dns: new DnsData(clock),
    smtp: new SmtpData(),
    trace: new TraceStore(),
    ports: portsFrom(0),
  };
  const routes = teamsRoutes(world);
  let cloud = '';
  const cloudServer = createServer(listener([...routes.https, ...metadataRoutes(identity, () => cloud)]));
  const controlServer = createServer(listener([...routes.http, ...more(world)]));
  cloud = `http://127.0.0.1:${await listen(cloudServer)}`;
  const url = `http://127.0.0.1:${await listen(controlServer)}`;
  const bot = await startTestBot(identity, () => cloud);
  const teams = startTeams(world, { serviceUrl: `${cloud}/teams/`, botEndpoint: bot.endpoint });
  const call = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}/control/${path}`, init);
    return { ...((await response.json()) as Answer), http: response.status };
  };
  return {
    world,
    bot,
    url,
    cloud,
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (path) => call(path),
    reset: () => resetTeams(world),
    stop: async () => {
      teams.stop();
      await Promise.all([bot.stop(), close(cloudServer), close(controlServer)]);
    },
  };
}

function metadataRoutes(identity: RehearsalIdentity, cloud: () => string): Route[] {
  return [
    {
      method: 'GET',
      path: '/botframework/openidconfiguration',
      handle: () =>
        json(200, {
          issuer: BOT_TOKEN_ISSUER,
          jwks_uri: `${cloud()}/botframework/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        }),
    },
    { method: 'GET', path: '/botframework/keys', handle: () => json(200, identity.channelKeys()) },
  ];
}
