import type { SMTPServer } from 'smtp-server';

type Connection = SMTPServer['connections'] extends Set<infer One> ? One : never;

/** What the library says by itself, as Exchange Online says it. */
const words: Readonly<Record<string, string>> = {
  MAIL_FROM_OK: '2.1.0 Sender OK',
  RCPT_TO_OK: '2.1.5 Recipient OK',
};

/**
 * In the order of the transcripts. `BINARYMIME` and `CHUNKING` are named as they are there, but nothing takes their
 * BDAT here.
 */
const extensions = [
  'SIZE 157286400',
  'PIPELINING',
  'DSN',
  'ENHANCEDSTATUSCODES',
  'STARTTLS',
  '8BITMIME',
  'BINARYMIME',
  'CHUNKING',
  'SMTPUTF8',
];

/** Lets a connection speak as the tenant edge does where the library offers no choice of words. */
export function speakLikeExchange(connection: Connection, source: string): void {
  const send = connection.send.bind(connection);
  connection.send = (code, data, context) => {
    if (Array.isArray(data)) {
      const offered = extensions.filter((name) => name !== 'STARTTLS' || data.includes(name));
      return send(code, [`${data[0] ?? ''} [${source}]`, ...offered], context);
    }
    return send(code, (code === 250 && words[String(context)]) || data, context);
  };
}
