import { fileURLToPath } from 'node:url';
import { createBotCredential } from '../teams/bot-token.ts';
import { timeOf } from '../teams/conversation-lanes.ts';
import type { openTeamsChannel } from '../teams/teams-channel.ts';
import type { AppOptions } from './app-options.ts';
import type { Stores } from './stores.ts';

/** How the bot speaks to Teams. */
export function channelOptions(
  { config, secrets, clock, log }: AppOptions,
  stores: Stores,
): Parameters<typeof openTeamsChannel>[0] {
  const { bot, entra } = config;
  return {
    appId: bot.appId,
    homeTenantId: bot.tenantId,
    tokenIssuer: bot.tokenIssuer,
    openIdMetadataUrl: bot.openIdMetadataUrl,
    serviceHosts: bot.serviceHosts,
    authority: entra.authority,
    credential: createBotCredential({ ...bot, authority: entra.authority, secret: secrets.botAppSecret }),
    cards: fileURLToPath(new URL('../../cards', import.meta.url)),
    rehearsal: config.mode === 'rehearsal',
    conversations: stores.conversations,
    people: stores.people,
    time: timeOf(clock),
    log,
  };
}
