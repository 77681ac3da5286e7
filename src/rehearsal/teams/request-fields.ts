import { BadRequest } from '../http.ts';
import type { Conversation } from './conversations.ts';
import type { DeliverOptions } from './delivery.ts';
import { isRecord, type Message } from './message.ts';
import type { Person } from './people.ts';
import type { TeamsState } from './teams-state.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function stringField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new BadRequest(`${name} must be a string.`);
}

export function optionalString(fields: Fields, name: string): string | null {
  return fields[name] === undefined || fields[name] === null ? null : stringField(fields, name);
}

export function recordField(fields: Fields, name: string): Record<string, unknown> {
  const value = fields[name] ?? {};
  if (isRecord(value)) return value;
  throw new BadRequest(`${name} must be an object.`);
}

export function personField(state: TeamsState, fields: Fields, name = 'as'): Person {
  return personNamed(state, stringField(fields, name));
}

export function personNamed(state: TeamsState, id: string): Person {
  const person = state.person(id);
  if (person) return person;
  throw new BadRequest(`There is nobody called ${id}. Known: ${state.people.map((one) => one.id).join(', ')}.`);
}

export function conversationNamed(state: TeamsState, id: string): Conversation {
  const conversation = state.conversation(id);
  if (conversation) return conversation;
  const known = state.conversations.map((one) => one.id).join(', ');
  throw new BadRequest(`There is no conversation ${id}. Known: ${known}.`);
}

export function messageField(state: TeamsState, fields: Fields, name = 'messageId'): Message {
  const id = stringField(fields, name);
  const message = state.message(id);
  if (message) return message;
  throw new BadRequest(`There is no message ${id}.`);
}

export function deliverField(fields: Fields): DeliverOptions {
  const { times, newId, concurrent, claims } = recordField(fields, 'deliver');
  return {
    ...(typeof times === 'number' ? { times } : {}),
    ...(typeof newId === 'boolean' ? { newId } : {}),
    ...(typeof concurrent === 'boolean' ? { concurrent } : {}),
    ...(isRecord(claims) ? { claims } : {}),
  };
}
