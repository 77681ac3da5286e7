import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { type Activity, baseActivity } from './activities.ts';
import { findExecute, refreshOf } from './card.ts';
import { repliesSince } from './control-messages.ts';
import type { Conversation } from './conversations.ts';
import type { Answer } from './delivery.ts';
import { type Card, cardOf, isRecord, type Message } from './message.ts';
import { mriOf, type Person } from './people.ts';
import {
  conversationNamed,
  deliverField,
  type Fields,
  messageField,
  optionalString,
  personField,
  recordField,
  stringField,
} from './request-fields.ts';
import { showBriefly } from './show.ts';
import type { Teams } from './teams.ts';

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';
const TEXT_MESSAGE = 'application/vnd.microsoft.activity.message';

interface Click {
  readonly person: Person;
  readonly message: Message;
  /** Where the click claims to come from. */
  readonly conversation: Conversation;
}

/**
 * Somebody clicks: `{as, messageId, verb, inputs?, data?, conversation?, deliver?}`. With `kind` `submit` (an
 * Action.Submit), `task/fetch` or `task/submit` in place of a verb, the older kinds of click.
 */
export async function postAction(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const fields = jsonBody(request);
  const click = clickOf(teams, fields);
  const kind = optionalString(fields, 'kind') ?? 'execute';
  if (kind === 'execute') return json(200, await execute(teams, click, fields));
  const data = { ...recordField(fields, 'data'), ...recordField(fields, 'inputs') };
  if (kind === 'submit') {
    const activity = { ...base(teams, click, 'message'), value: data, text: '' };
    return json(200, shown(teams, click, await teams.delivery.deliver(activity, deliverField(fields))));
  }
  if (kind !== 'task/fetch' && kind !== 'task/submit') {
    throw new BadRequest('kind must be execute, submit, task/fetch or task/submit.');
  }
  const activity = { ...base(teams, click, 'invoke'), name: kind, value: { data, context: { theme: 'default' } } };
  return json(200, shown(teams, click, await teams.delivery.deliver(activity, deliverField(fields))));
}

/**
 * Somebody opens a conversation (`{as, conversation, newest?}`) or sees one message change (`{as, messageId}`): cards that
 * list the person for automatic refresh are refreshed, and the messages come back as that person now sees them.
 */
export async function postView(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { state } = teams;
  const fields = jsonBody(request);
  const person = personField(state, fields);
  const only = optionalString(fields, 'messageId');
  const messages = only
    ? [messageField(state, fields)]
    : state.messagesOf(conversationNamed(state, stringField(fields, 'conversation')).id).slice(-newest(fields));
  const due = messages.filter((message) => !message.deleted && refreshesFor(message, person));
  await Promise.all(due.map((message) => refresh(teams, message, person)));
  return json(200, { messages: messages.map((message) => showBriefly(state, message, person.id)) });
}

/** How many messages, counted from the newest, the person has in sight; all unless told. */
function newest({ newest: count }: Fields): number {
  return typeof count === 'number' && count > 0 ? count : Number.MAX_SAFE_INTEGER;
}

function refreshesFor(message: Message, person: Person): boolean {
  return refreshOf(cardOf(message.attachments))?.userIds.includes(mriOf(person)) ?? false;
}

async function refresh(teams: Teams, message: Message, person: Person): Promise<void> {
  const action = refreshOf(cardOf(message.attachments))?.action;
  if (!action) return;
  const click = { person, message, conversation: conversationNamed(teams.state, message.conversation) };
  const seen = message.edits;
  const answer = await invoke(teams, click, { action, data: recordField(action, 'data'), trigger: 'automatic' }, {});
  if (message.edits === seen) takeCard(teams, click, answer.body);
}

async function execute(teams: Teams, click: Click, fields: Fields): Promise<Record<string, unknown>> {
  const verb = stringField(fields, 'verb');
  const card = click.message.views.get(click.person.id) ?? cardOf(click.message.attachments);
  const action = card && findExecute(card, verb);
  if (!action && fields['data'] === undefined) {
    throw new BadRequest(
      `The card of message ${click.message.id} has no button with the verb ${verb}; give data to forge one.`,
    );
  }
  const own = isRecord(action?.['data']) ? action['data'] : {};
  const data = fields['data'] === undefined ? own : recordField(fields, 'data');
  const trigger = optionalString(fields, 'trigger') ?? 'manual';
  const withInputs = { ...data, ...recordField(fields, 'inputs') };
  const answer = await invoke(teams, click, { action: { ...action, verb }, data: withInputs, trigger }, fields);
  takeCard(teams, click, answer.body);
  return shown(teams, click, answer);
}

function invoke(
  teams: Teams,
  click: Click,
  what: { action: Card; data: Record<string, unknown>; trigger: string },
  fields: Fields,
): Promise<Answer & { deliveries: Answer[] }> {
  const { id, verb } = what.action;
  const action = { type: 'Action.Execute', ...(typeof id === 'string' ? { id } : {}), verb, data: what.data };
  const activity = {
    ...base(teams, click, 'invoke'),
    name: 'adaptiveCard/action',
    value: { action, trigger: what.trigger },
  };
  return teams.delivery.deliver(activity, deliverField(fields));
}

function clickOf(teams: Teams, fields: Fields): Click {
  const { state } = teams;
  const person = personField(state, fields);
  const message = messageField(state, fields);
  const claimed = optionalString(fields, 'conversation');
  const conversation = conversationNamed(state, claimed ?? message.conversation);
  if (claimed === null && !state.membersOf(conversation).includes(person)) {
    throw new BadRequest(`${person.name} is no member of ${conversation.id} and cannot see this card.`);
  }
  return { person, message, conversation };
}

function base(teams: Teams, { person, message, conversation }: Click, type: string): Activity {
  const activity = baseActivity(teams.origin(conversation, message.rootId, person), type, `f:${teams.state.nextId()}`);
  const source = { source: { name: 'message' }, legacy: { replyToId: message.id } };
  return { ...activity, replyToId: message.id, channelData: { ...recordField(activity, 'channelData'), ...source } };
}

/** A card in the answer takes the shared card's place for this person only. */
function takeCard({ state }: Teams, { message, person }: Click, body: unknown): void {
  if (isRecord(body) && body['type'] === ADAPTIVE_CARD && isRecord(body['value'])) {
    state.setView(message, person.id, body['value']);
  }
}

function shown(teams: Teams, click: Click, answer: Answer & { deliveries: Answer[] }): Record<string, unknown> {
  const { status, body, error, deliveries, activityId } = answer;
  return {
    activityId,
    status,
    body,
    ...(error ? { error } : {}),
    ...(deliveries.length > 1 ? { deliveries } : {}),
    ...outcomeOf(answer),
    replies: repliesSince(teams.state, activityId.slice('f:'.length), click.conversation, click.message.rootId),
  };
}

/** What the person who clicked sees. */
function outcomeOf({ status, body }: Answer): { outcome: string; text: string } {
  const unable = { outcome: 'unreachable', text: 'Unable to reach app. Please try again.' };
  if (status === null) return unable;
  if (status >= 300) return { outcome: 'error', text: 'Something went wrong. Please try again.' };
  if (!isRecord(body) || typeof body['statusCode'] !== 'number') return { outcome: 'none', text: '' };
  const { type, value, statusCode } = body;
  if (type === ADAPTIVE_CARD) return { outcome: 'card', text: '' };
  if (type === TEXT_MESSAGE) return { outcome: 'message', text: String(value) };
  const message = isRecord(value) && typeof value['message'] === 'string' ? value['message'] : '';
  if (statusCode >= 300) return { outcome: 'error', text: message || 'Something went wrong. Please try again.' };
  return { outcome: 'none', text: message };
}
