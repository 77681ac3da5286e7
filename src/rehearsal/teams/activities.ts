import { HOME_TENANT } from '../entra/rehearsal-identity.ts';
import { type Conversation, TEAM, threadWireId } from './conversations.ts';
import { BOT, mriOf, type Person } from './people.ts';

export type Activity = Readonly<Record<string, unknown>> & { readonly id: string };

/** Where and by whom an activity is said to come. A bot as sender has no Entra identity. */
export interface Origin {
  readonly serviceUrl: string;
  readonly conversation: Conversation;
  readonly rootId: string | null;
  readonly from: Person | { readonly botName: string };
  readonly time: string;
}

export const TIME_ZONE = 'Europe/Berlin';

/** The fields every activity from Teams has. */
export function baseActivity(origin: Origin, type: string, id: string): Activity {
  const { conversation, rootId, serviceUrl, time } = origin;
  return {
    type,
    id,
    channelId: 'msteams',
    serviceUrl,
    timestamp: time,
    localTimestamp: time.replace('Z', '+00:00'),
    localTimezone: TIME_ZONE,
    locale: 'en-US',
    from: sender(origin.from),
    recipient: { id: BOT.id, name: BOT.name },
    conversation: {
      id: threadWireId(conversation, rootId),
      conversationType: conversation.kind,
      tenantId: HOME_TENANT,
      ...(conversation.kind === 'channel' ? { isGroup: true } : {}),
    },
    entities: [{ type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: TIME_ZONE }],
    channelData: channelData(conversation),
  };
}

/** A typed message. `mention` puts the bot's name in front, as the compose box of a channel does. */
export function messageActivity(
  origin: Origin,
  id: string,
  content: { text: string; mention: boolean; quoteHtml: string },
): Activity {
  const base = baseActivity(origin, 'message', id);
  const { text, mention, quoteHtml } = content;
  const html = `${quoteHtml}<p>${mention ? `<span itemtype="http://schema.skype.com/Mention">${BOT.name}</span>&nbsp;` : ''}${escapeHtml(text)}</p>`;
  const at = { type: 'mention', mentioned: { id: BOT.id, name: BOT.name }, text: `<at>${BOT.name}</at>` };
  return {
    ...base,
    text: mention ? `<at>${BOT.name}</at> ${text}` : text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: html }],
    entities: [...(mention ? [at] : []), ...(base['entities'] as unknown[])],
  };
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function channelData(conversation: Conversation): Record<string, unknown> {
  const tenant = { tenant: { id: HOME_TENANT } };
  if (conversation.kind === 'personal') return tenant;
  return {
    teamsChannelId: conversation.wireId,
    teamsTeamId: TEAM.id,
    channel: { id: conversation.wireId },
    team: { id: TEAM.id, aadGroupId: TEAM.aadGroupId, name: TEAM.name },
    ...tenant,
  };
}

function sender(from: Origin['from']): Record<string, unknown> {
  if ('botName' in from) return { id: `28:${from.botName}`, name: from.botName, role: 'bot' };
  return { id: mriOf(from), name: from.name, aadObjectId: from.oid };
}
