import type { TokenCredential } from '@azure/identity';
import type { ConversationStore } from '../ports/conversations.ts';
import type { PeopleNames } from '../ports/people-names.ts';
import type { Logger } from '../telemetry/log.ts';
import { BotToken } from './bot-token.ts';
import { ChannelAuthentication } from './channel-authentication.ts';
import { ChannelClient } from './channel-client.ts';
import type { Time } from './conversation-lanes.ts';
import { KnownConversations } from './known-conversations.ts';
import { TeamsNotifier } from './notifier.ts';
import { Renderer } from './render.ts';
import { SigningKeys } from './signing-keys.ts';

const WORLDWIDE_SERVICE = 'https://smba.trafficmanager.net/teams/';

export interface TeamsChannelOptions {
  readonly appId: string;
  readonly homeTenantId: string;
  readonly tokenIssuer: string;
  readonly openIdMetadataUrl: string;
  /** `host` or `host:port`, lower case. */
  readonly serviceHosts: readonly string[];
  /** Base URL of Entra. */
  readonly authority: string;
  readonly credential: TokenCredential;
  /** Folder of the card templates. */
  readonly cards: string;
  /** Whether everything shown carries the word REHEARSAL. */
  readonly rehearsal: boolean;
  readonly conversations: ConversationStore;
  /** Told what those are called who talk to us. Default: nobody is. */
  readonly people?: Pick<PeopleNames, 'learn'>;
  /** By which Teams' limits are kept. Default: this machine's. */
  readonly time?: Time;
  readonly log: Logger;
}

/** The ways to and from Teams, without anybody who answers yet. */
export interface TeamsChannel {
  readonly options: TeamsChannelOptions;
  readonly notifier: TeamsNotifier;
  readonly client: ChannelClient;
  readonly renderer: Renderer;
  readonly conversations: KnownConversations;
  readonly keys: SigningKeys;
  readonly authentication: ChannelAuthentication;
}

/** Builds everything between us and Teams. The signing keys are kept fresh until the signal. */
export function openTeamsChannel(options: TeamsChannelOptions, signal: AbortSignal): TeamsChannel {
  const { appId, log, serviceHosts } = options;
  const keys = new SigningKeys(options.openIdMetadataUrl, log);
  void keys.keepFresh(signal);
  const client = new ChannelClient(new BotToken(options.credential), serviceHosts);
  const conversations = new KnownConversations({
    store: options.conversations,
    tenantId: options.homeTenantId,
    allows: (serviceUrl) => client.allows(serviceUrl),
    learn: (objectId, name) => options.people?.learn(objectId, name),
    log,
  });
  const { cards, rehearsal } = options;
  const renderer = new Renderer({ cards, rehearsal, teamsIdOf: (objectId) => conversations.teamsIdOf(objectId) });
  const notifier = new TeamsNotifier({
    appId,
    client,
    renderer,
    conversations: options.conversations,
    defaultServiceUrl: async () =>
      (await options.conversations.latestServiceUrl(options.homeTenantId)) ?? WORLDWIDE_SERVICE,
    time: options.time,
    log,
  });
  const authentication = new ChannelAuthentication({ ...options, keys });
  return { options, notifier, client, renderer, conversations, keys, authentication };
}
