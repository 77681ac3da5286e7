import { z } from 'zod/v4';
import type { Reader } from '../core/reader.ts';
import { legible } from './legible.ts';
import { isLocale, isTimeZone } from './reader-fields.ts';

const optionalText = z.string().optional().catch(undefined);

const account = z.object({
  id: z.string().min(1).max(500),
  name: z.string().max(500).transform(legible).default('').catch(''),
  aadObjectId: optionalText,
  role: optionalText,
});

const channelData = z
  .object({
    tenant: z.object({ id: z.string() }).optional().catch(undefined),
    eventType: optionalText,
    channel: z.object({ id: z.string() }).optional().catch(undefined),
    team: z.object({ id: z.string() }).optional().catch(undefined),
  })
  .catch({});

const mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id: z.string() }),
  text: z.string().catch(''),
});

/** An activity as far as we read it. Everything else in it is the business of nobody here. */
const activitySchema = z.object({
  type: z.string().min(1).max(100),
  id: z.string().min(1).max(300),
  channelId: z.string(),
  serviceUrl: z.string().max(500),
  name: optionalText,
  action: optionalText,
  replyToId: optionalText,
  text: z.string().default('').catch(''),
  locale: z.string().refine(isLocale).optional().catch(undefined),
  localTimezone: z.string().refine(isTimeZone).optional().catch(undefined),
  value: z.unknown(),
  from: account,
  recipient: account,
  conversation: z.object({
    id: z.string().min(1).max(500),
    conversationType: optionalText,
    tenantId: optionalText,
  }),
  channelData,
  mentions: z.array(mention),
  attachments: z
    .array(z.object({ contentType: z.string(), content: z.unknown() }))
    .default([])
    .catch([]),
  membersRemoved: z
    .array(z.object({ id: z.string() }))
    .default([])
    .catch([]),
});

export type TeamsActivity = z.infer<typeof activitySchema>;

/** How the person who sent the activity reads. */
export function readerOf({ locale, localTimezone }: TeamsActivity): Reader {
  return { locale: locale ?? null, timeZone: localTimezone ?? null };
}

/** The activity in a request body, or null when the body is none. */
export function parseActivity(body: Readonly<Record<string, unknown>>): TeamsActivity | null {
  const entities: unknown[] = Array.isArray(body['entities']) ? body['entities'] : [];
  const mentions = entities.filter((entity) => isMentionLike(entity) && mention.safeParse(entity).success);
  const client = entities.find(isClientInfo);
  const parsed = activitySchema.safeParse({
    localTimezone: client?.timezone,
    ...body,
    mentions,
    channelData: body['channelData'] ?? {},
  });
  return parsed.data ?? null;
}

/** A glance that spares the schema most entities: refusing is the dear part of a schema. */
function isMentionLike(entity: unknown): boolean {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'mention';
}

function isClientInfo(entity: unknown): entity is { readonly timezone?: unknown } {
  return typeof entity === 'object' && entity !== null && 'type' in entity && entity.type === 'clientInfo';
}

export type Scope = 'personal' | 'channel' | 'groupChat';

/** What kind of conversation the activity comes from, or null for one we do not serve (meetings, unknown kinds). */
export function scopeOf({ conversation }: TeamsActivity): Scope | null {
  const kinds: readonly Scope[] = ['personal', 'channel', 'groupChat'];
  return kinds.find((kind) => kind === conversation.conversationType) ?? null;
}
