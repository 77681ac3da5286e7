import { isIPv4 } from 'node:net';
import { z } from 'zod/v4';
import { contents, type Header, type MailMessage, type MessageType, messageTypes, noTraits } from './mail-message.ts';

/** Carries what a message is like past what its text can say, so that no test has to send megabytes. */
const FACTS = 'X-Rehearsal-Facts';

/** How every server of the rehearsal introduces itself. */
export const helo = 'server.example';

const facts = z.object({
  size: z.number(),
  type: z.enum(messageTypes).nullable(),
  content: z.enum(contents),
  traits: z.object({
    urls: z.array(z.string()),
    files: z.array(z.string()),
    resembles: z.string().nullable(),
    bulk: z.number(),
  }),
  dkim: z.string().nullable(),
  arc: z.object({ sealer: z.string(), isGenuine: z.boolean() }).nullable(),
  recipients: z.array(z.string()),
  autoReply: z.boolean(),
});

/** What was read from the wire. `autoReply`: the recipient is away and answers. */
export interface Read {
  readonly message: MailMessage;
  readonly autoReply: boolean;
}

/** The message as a server sends it. */
export function written(message: MailMessage, autoReply: boolean): string {
  const { size, type, content, traits, dkim, arc, recipients } = message;
  const told = { size, type, content, traits, dkim, arc, recipients, autoReply };
  const known = Buffer.from(JSON.stringify(told)).toString('base64');
  const lines = [
    ...message.hops.toReversed().map((hop) => `Received: from ${helo} ([${hop}]) by ${helo}`),
    `Message-ID: ${message.id}`,
    `From: <${message.headerFrom}>`,
    `To: <${message.to}>`,
    `Subject: ${message.subject}`,
    ...message.headers.map(({ name, value }) => `${name}: ${value}`),
    `${FACTS}: ${known}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\nA message of the rehearsal.\r\n`;
}

/** The message that came over the wire, from whatever client it is. */
export function read(text: string, envelope: { from: string; to: string }, octets: number): Read {
  const [head = '', body = ''] = text.split(/\r?\n\r?\n/u, 2);
  const all = headersIn(head);
  const value = (name: string): string => all.find((one) => one.name.toLowerCase() === name)?.value ?? '';
  const told = known(value(FACTS.toLowerCase()));
  const message = {
    ...envelope,
    id: value('message-id') || `<${crypto.randomUUID()}@unknown.example>`,
    headerFrom: addressIn(value('from')) || envelope.from,
    recipients: told?.recipients ?? [envelope.to],
    subject: value('subject'),
    size: told?.size ?? octets,
    type: told ? told.type : typeOf(value),
    content: told?.content ?? (body.includes('GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL') ? 'spam' : 'clean'),
    traits: told?.traits ?? { ...noTraits, urls: body.match(LINK) ?? [] },
    headers: all.filter(({ name }) => !OWN.has(name.toLowerCase())),
    hops: hopsIn(all),
    dkim: told?.dkim ?? null,
    arc: told?.arc ?? null,
  } satisfies MailMessage;
  return { message, autoReply: told?.autoReply ?? false };
}

const LINK = /https?:\/\/[^\s<>"']+/giu;

const OWN = new Set(['received', 'message-id', 'from', 'to', 'subject', FACTS.toLowerCase()]);

function headersIn(head: string): Header[] {
  const unfolded = head.replaceAll(/\r?\n[ \t]+/gu, ' ');
  return unfolded.split(/\r?\n/u).flatMap((line) => {
    const { name, value } = /^(?<name>[!-9;-~]+):\s*(?<value>.*)$/u.exec(line)?.groups ?? {};
    return name === undefined ? [] : [{ name, value: value ?? '' }];
  });
}

/** Newest on top, as servers write them. */
function hopsIn(headers: readonly Header[]): string[] {
  const received = headers.filter(({ name }) => name.toLowerCase() === 'received');
  return received
    .map(({ value }) => /\[([\d.]+)\]/u.exec(value)?.[1] ?? '')
    .filter(isIPv4)
    .reverse();
}

function addressIn(value: string): string {
  return /<([^<>]*)>/u.exec(value)?.[1] ?? value.trim();
}

function known(value: string): z.infer<typeof facts> | null {
  try {
    return facts.parse(JSON.parse(Buffer.from(value, 'base64').toString()));
  } catch {
    // A message of somebody else.
    return null;
  }
}

function typeOf(value: (name: string) => string): MessageType | null {
  if (/^auto-replied/iu.test(value('auto-submitted'))) return 'OOF';
  if (/^auto-forwarded/iu.test(value('auto-submitted'))) return 'AutoForward';
  if (/^text\/calendar|method=/iu.test(value('content-type'))) return 'Calendaring';
  return /^multipart\/signed/iu.test(value('content-type')) ? 'Signed' : null;
}
