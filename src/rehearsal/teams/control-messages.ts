import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { type Activity, escapeHtml, messageActivity, type Origin } from './activities.ts';
import type { Conversation } from './conversations.ts';
import type { Sender } from './message.ts';
import {
  conversationNamed,
  deliverField,
  type Fields,
  messageField,
  optionalString,
  personNamed,
  recordField,
  stringField,
} from './request-fields.ts';
import { showBriefly } from './show.ts';
import type { Teams } from './teams.ts';
import { contentOf, type TeamsState } from './teams-state.ts';

/** Somebody types: `{as, conversation, text, replyTo?, mention?, quote?, forward?, overrides?, deliver?}`. */
export async function postMessage(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { state } = teams;
  const fields = jsonBody(request);
  const conversation = conversationNamed(state, stringField(fields, 'conversation'));
  const author = authorOf(state, stringField(fields, 'as'), conversation);
  const text = stringField(fields, 'text');
  const rootId = rootOf(state, conversation, optionalString(fields, 'replyTo'));
  const message = state.add({ conversation, rootId, from: author.sender }, contentOf(text));
  if (!heard(conversation, fields) || !state.installed.has(conversation.id)) {
    return json(200, { activityId: message.id, delivered: false, status: null, replies: [] });
  }
  const origin = teams.origin(conversation, message.rootId, author.from);
  const mention = conversation.kind === 'channel';
  const plain = messageActivity(origin, message.id, { text, mention, quoteHtml: quoteOf(state, fields) });
  const activity: Activity = { ...plain, ...recordField(fields, 'overrides'), id: message.id };
  const answer = await teams.delivery.deliver(activity, deliverField(fields));
  return json(200, {
    activityId: message.id,
    delivered: answer.status !== null && answer.status < 300,
    status: answer.status,
    ...(answer.error ? { error: answer.error } : {}),
    replies: repliesSince(state, message.id, conversation, message.rootId),
  });
}

/** What the bot put into the same thread, or personal chat, after this message. */
export function repliesSince(
  state: TeamsState,
  messageId: string,
  conversation: Conversation,
  rootId: string | null,
): Record<string, unknown>[] {
  return state
    .messagesOf(conversation.id)
    .filter(({ id, from, rootId: root }) => Number(id) > Number(messageId) && from.bot && root === rootId)
    .map((message) => showBriefly(state, message, null));
}

function authorOf(state: TeamsState, as: string, conversation: Conversation): { sender: Sender; from: Origin['from'] } {
  if (as.startsWith('bot:')) {
    const botName = as.slice('bot:'.length);
    return { sender: { id: as, name: botName, bot: true }, from: { botName } };
  }
  const person = personNamed(state, as);
  if (!state.membersOf(conversation).includes(person)) {
    throw new BadRequest(`${person.name} is no member of ${conversation.id}.`);
  }
  return { sender: { id: person.id, name: person.name, bot: false }, from: person };
}

function rootOf(state: TeamsState, conversation: Conversation, replyTo: string | null): string | null {
  if (replyTo === null || conversation.kind === 'personal') return null;
  const message = state.message(replyTo);
  if (message?.conversation === conversation.id) return message.rootId;
  throw new BadRequest(`There is no message ${replyTo} in ${conversation.id}.`);
}

/** In a channel the bot hears only what mentions it. */
function heard({ kind }: Conversation, fields: Fields): boolean {
  return kind === 'personal' || fields['mention'] !== false;
}

/** Quoted and forwarded messages arrive inside the HTML attachment. */
function quoteOf(state: TeamsState, fields: Fields): string {
  const name = ['quote', 'forward'].find((field) => fields[field] !== undefined);
  if (!name) return '';
  const quoted = messageField(state, fields, name);
  const kind = name === 'quote' ? 'Reply' : 'Forward';
  const by = `<strong itemprop="mri">${escapeHtml(quoted.from.name)}</strong>`;
  const preview = `<p itemprop="preview">${escapeHtml(quoted.body)}</p>`;
  return `<blockquote itemscope itemtype="http://schema.skype.com/${kind}" itemid="${quoted.id}">${by}${preview}</blockquote>`;
}
