import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { type Activity, baseActivity, channelData, messageActivity } from './activities.ts';
import { type Conversation, personalChat } from './conversations.ts';
import type { Answer } from './delivery.ts';
import { isRecord, type Message } from './message.ts';
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
import type { Teams } from './teams.ts';
import { contentOf } from './teams-state.ts';

/** Somebody edits an own message: `{as, messageId, text}`. */
export async function postEdit(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const fields = jsonBody(request);
  const { message, person, conversation } = ownMessage(teams, fields);
  const text = stringField(fields, 'text');
  teams.state.edit(message, contentOf(text));
  const origin = teams.origin(conversation, message.rootId, person);
  const content = { text, mention: conversation.kind === 'channel', quoteHtml: '' };
  const activity = changed(messageActivity(origin, message.id, content), 'messageUpdate', 'editMessage');
  return json(200, told([await teams.delivery.deliver(activity, deliverField(fields))]));
}

/** Somebody deletes an own message, or brings it back: `{as, messageId, undo?}`. */
export async function postDeletion(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const fields = jsonBody(request);
  const { message, person, conversation } = ownMessage(teams, fields);
  const undo = fields['undo'] === true;
  teams.state.setDeleted(message, !undo);
  const origin = teams.origin(conversation, message.rootId, person);
  const content = { text: message.body, mention: conversation.kind === 'channel', quoteHtml: '' };
  const activity = undo
    ? changed(messageActivity(origin, message.id, content), 'messageUpdate', 'undeleteMessage')
    : changed(baseActivity(origin, 'messageDelete', message.id), 'messageDelete', 'softDeleteMessage');
  return json(200, told([await teams.delivery.deliver(activity, deliverField(fields))]));
}

/** The app is added or removed: `{action: add|remove, conversation?}`; without a conversation, in the team. */
export async function postInstall(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { state } = teams;
  const fields = jsonBody(request);
  const action = optionalString(fields, 'action') ?? 'add';
  if (action !== 'add' && action !== 'remove') throw new BadRequest('action must be add or remove.');
  const name = optionalString(fields, 'conversation');
  const places =
    name === null || name === 'team'
      ? state.conversations.filter(({ kind }) => kind === 'channel')
      : [conversationNamed(state, name)];
  for (const { id } of places) {
    if (action === 'add') state.installed.add(id);
    else state.installed.delete(id);
  }
  state.emit({ type: 'installs' });
  const activities = places.flatMap((place) => teams.installActivities(place, action));
  return json(200, told(await deliverAll(teams, activities, fields)));
}

/** People join or leave the team: `{add?: [{id, name?, oid?, guest?}], remove?: [id]}`. */
export async function postMembers(teams: Teams, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { state } = teams;
  const fields = jsonBody(request);
  const added = listField(fields, 'add').map((entry) => join(teams, isRecord(entry) ? entry : { id: entry }));
  const removed = listField(fields, 'remove').map((id) => personField(state, { id }, 'id'));
  const by = state.people[0];
  const channel = state.conversations.find(({ kind }) => kind === 'channel');
  for (const { id } of removed) state.teamMembers.delete(id);
  state.emit({ type: 'people' });
  if (!by || !channel) return json(200, told([]));
  const event = (people: Person[], field: string, eventType: string): Activity[] =>
    people.length === 0 ? [] : [memberEvent(teams, { by, channel, people, field, eventType })];
  const activities = [
    ...event(added, 'membersAdded', 'teamMemberAdded'),
    ...event(removed, 'membersRemoved', 'teamMemberRemoved'),
  ];
  return json(200, told(await deliverAll(teams, activities, fields)));
}

function memberEvent(
  teams: Teams,
  event: { by: Person; channel: Conversation; people: Person[]; field: string; eventType: string },
): Activity {
  const { by, channel, people, field, eventType } = event;
  return {
    ...baseActivity(teams.origin(channel, null, by), 'conversationUpdate', `f:${teams.state.nextId()}`),
    [field]: people.map((person) => ({ id: mriOf(person), aadObjectId: person.oid })),
    channelData: { ...channelData(channel), eventType },
  };
}

function join({ state }: Teams, entry: Fields): Person {
  const id = stringField(entry, 'id');
  if (!/^[a-z][a-z0-9-]*$/u.test(id)) throw new BadRequest(`${id} is no short name: small letters and digits only.`);
  const known = state.person(id);
  const person = known ?? {
    id,
    name: optionalString(entry, 'name') ?? id,
    oid: optionalString(entry, 'oid') ?? crypto.randomUUID(),
    userRole: entry['guest'] === true ? ('guest' as const) : ('user' as const),
  };
  if (!known) {
    const chat = personalChat(person);
    state.people.push(person);
    state.conversations.push(chat);
    state.installed.add(chat.id);
  }
  state.teamMembers.add(id);
  return person;
}

function ownMessage(teams: Teams, fields: Fields): { message: Message; person: Person; conversation: Conversation } {
  const message = messageField(teams.state, fields);
  const person = personField(teams.state, fields);
  if (message.from.id !== person.id) throw new BadRequest(`Message ${message.id} was not written by ${person.name}.`);
  return { message, person, conversation: conversationNamed(teams.state, message.conversation) };
}

function changed(activity: Activity, type: string, eventType: string): Activity {
  return { ...activity, type, channelData: { ...recordField(activity, 'channelData'), eventType } };
}

async function deliverAll(teams: Teams, activities: readonly Activity[], fields: Fields): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const activity of activities) answers.push(await teams.delivery.deliver(activity, deliverField(fields)));
  return answers;
}

function told(answers: readonly Answer[]): Record<string, unknown> {
  const failed = answers.find(({ error }) => error !== undefined);
  return { statuses: answers.map(({ status }) => status), ...(failed ? { error: failed.error } : {}) };
}

function listField(fields: Fields, name: string): unknown[] {
  const value = fields[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new BadRequest(`${name} must be a list.`);
}
