import { z } from 'zod/v4';
import type { Message } from './message.ts';

const card = z.record(z.string(), z.unknown());

const message = z.object({
  id: z.string(),
  conversation: z.string(),
  rootId: z.string().nullable(),
  from: z.object({ id: z.string(), name: z.string(), bot: z.boolean() }),
  at: z.string(),
  body: z.string(),
  textFormat: z.string(),
  summary: z.string(),
  alert: z.boolean().default(false),
  attachments: z.array(z.looseObject({ contentType: z.string() })),
  deleted: z.boolean(),
  edits: z.number(),
  history: z.array(z.object({ at: z.string(), body: z.string(), card: card.nullable() })),
  version: z.number(),
  views: z.record(z.string(), card),
});

/** The simulated Teams as JSON can hold it. */
export const teamsMemory = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), oid: z.string(), userRole: z.enum(['user', 'guest']) })),
  conversations: z.array(
    z.object({
      id: z.string(),
      wireId: z.string(),
      kind: z.enum(['channel', 'personal']),
      name: z.string(),
      personId: z.string().nullable(),
    }),
  ),
  teamMembers: z.array(z.string()),
  installed: z.array(z.string()),
  lastId: z.number(),
  messages: z.array(message),
});

type MessageMemory = z.infer<typeof message>;

const written = new WeakMap<Message, { version: number; text: string }>();

/** A message as JSON text. Messages are many and change seldom: the text is made once per version. */
export function messageText(message: Message): string {
  const known = written.get(message);
  if (known?.version === message.version) return known.text;
  const text = JSON.stringify({ ...message, views: Object.fromEntries(message.views) });
  written.set(message, { version: message.version, text });
  return text;
}

export function recallMessage(memory: MessageMemory): Message {
  return { ...memory, views: new Map(Object.entries(memory.views)) };
}
