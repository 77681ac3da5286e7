import { z } from 'zod/v4';
import { BadRequest } from '../http.ts';
import { contents, domainOf, type MailMessage, messageTypes } from '../mail-flow/mail-message.ts';
import { routesOfMail } from './deliver.ts';

const ways = [...routesOfMail, 'user'] as const;
const address = z.string().regex(/^[^\s<>@]{1,64}@[a-z0-9.-]{1,253}$/iu, 'must be a mail address');
const line = z.string().regex(/^[ -~]*$/u, 'must be one line of plain text');

const body = z.strictObject({
  from: z.union([z.literal(''), address], 'must be a mail address, or "" for a bounce'),
  to: address,
  via: z.enum(ways).default('internet'),
  headerFrom: address.optional(),
  subject: line.default('rehearsal'),
  headers: z.record(z.string().regex(/^[!-9;-~]+$/u), line).default({}),
  size: z.number().int().positive().default(4096),
  messageType: z.enum([...messageTypes, 'MeetingForward']).optional(),
  content: z.enum(contents).default('clean'),
  urls: z.array(line).default([]),
  /** SHA-256 of what is attached. */
  files: z.array(z.string().regex(/^[0-9a-f]{64}$/iu, 'must be 64 hexadecimal digits')).default([]),
  /** The address or domain that the author is made to look like. */
  resembles: line.nullable().default(null),
  bulk: z.number().int().min(0).max(9).default(0),
  /** The domain whose signature verifies; by itself that of the author when one of ours sends. */
  dkim: z.string().nullable().optional(),
  recipients: z.array(address).optional(),
  /** Who sends it, `via` a user; by itself the author. Forwarded invitations and voicemail have an author outside. */
  by: address.optional(),
  tls: z.boolean().default(true),
  /** The sending server shows its certificate. */
  certificate: z.boolean().default(true),
  autoReply: z.boolean().default(false),
});

export interface MailRequest {
  readonly message: MailMessage;
  readonly via: (typeof ways)[number];
  readonly by: string;
  readonly clearText: boolean;
  readonly anonymous: boolean;
  readonly autoReply: boolean;
}

/** The body of `POST /control/mail`. */
export function mailRequest(given: Record<string, unknown>): MailRequest {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadRequest(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { from, to, via, subject, size, content, messageType, tls, certificate, autoReply } = parsed.data;
  const { urls, files, resembles, bulk } = parsed.data;
  const headerFrom = parsed.data.headerFrom ?? (from === '' ? `postmaster@${domainOf(to)}` : from);
  const isForward = messageType === 'MeetingForward';
  const forward = isForward ? [{ name: 'X-MS-Exchange-MeetingForward-Message', value: 'Forward' }] : [];
  const headers = Object.entries(parsed.data.headers).map(([name, value]) => ({ name, value }));
  const message: MailMessage = {
    id: `<${crypto.randomUUID()}@sender.example>`,
    // Nobody is to answer an automatic reply.
    from: messageType === 'OOF' ? '' : from,
    headerFrom,
    to,
    recipients: parsed.data.recipients ?? [to],
    subject,
    size,
    type: isForward ? 'Calendaring' : (messageType ?? null),
    content,
    traits: { urls, files, resembles, bulk },
    headers: [...headers, ...forward],
    hops: [],
    dkim: parsed.data.dkim ?? (via === 'user' && parsed.data.dkim === undefined ? domainOf(headerFrom) : null),
    arc: null,
  };
  return { message, via, by: parsed.data.by ?? headerFrom, clearText: !tls, anonymous: !certificate, autoReply };
}
