import { ConnectorError } from './connector-error.ts';
import type { Conversation } from './conversations.ts';
import { type Attachment, type Content, isRecord, type Message, type Sender } from './message.ts';
import type { Teams } from './teams.ts';

const LIMIT_BYTES = 100 * 1024;
const SWITCHYARD: Sender = { id: 'switchyard', name: 'Switchyard', bot: true };

/**
 * Puts an activity of the bot into a conversation. Null when Teams would return no id: for typing, and for text
 * together with attachments, which the service splits into two messages.
 */
export function postFromBot(
  teams: Teams,
  conversation: Conversation,
  rootId: string | null,
  activity: Readonly<Record<string, unknown>>,
): Message | null {
  if (activity['type'] === 'typing') {
    teams.state.emit({ type: 'typing', conversation: conversation.id, rootId });
    return null;
  }
  if (activity['type'] !== 'message') {
    throw new ConnectorError(400, 'BadSyntax', `Activity type ${String(activity['type'])} cannot be sent.`);
  }
  const content = readContent(activity);
  const place = { conversation, rootId, from: SWITCHYARD };
  if (content.body === '' || content.attachments.length === 0) return teams.state.add(place, content);
  const text = teams.state.add(place, { ...content, attachments: [] });
  teams.state.add({ ...place, rootId: text.rootId }, { ...content, body: '' });
  return null;
}

/** The shown part of an activity; refused when it is empty or larger than Teams takes, counted in UTF-16. */
export function readContent(activity: Readonly<Record<string, unknown>>): Content {
  const string = (name: string): string => (typeof activity[name] === 'string' ? activity[name] : '');
  const raw: unknown[] = Array.isArray(activity['attachments']) ? activity['attachments'] : [];
  const attachments = raw.filter(isAttachment);
  const body = string('text');
  if (body.trim() === '' && attachments.length === 0) {
    throw new ConnectorError(400, 'BadSyntax', 'An activity needs text or an attachment.');
  }
  if (JSON.stringify({ body, attachments }).length * 2 > LIMIT_BYTES) {
    throw new ConnectorError(413, 'MessageSizeTooBig', 'Message size too large.');
  }
  const alert = isAlert(activity['channelData']);
  return { body, textFormat: string('textFormat') || 'markdown', summary: string('summary'), attachments, alert };
}

function isAlert(channelData: unknown): boolean {
  const notification = isRecord(channelData) ? channelData['notification'] : null;
  return isRecord(notification) && notification['alert'] === true;
}

function isAttachment(value: unknown): value is Attachment {
  return isRecord(value) && typeof value['contentType'] === 'string';
}
