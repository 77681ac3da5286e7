import type { Certificate } from '../../src/rehearsal/certificates.ts';
import { bodyOf, listenHttps } from './https-server.ts';

const PATH = /^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u;

/** A message as the bot last sent it. */
interface Sent {
  readonly conversation: string;
  readonly messageId: string;
  readonly activity: Readonly<Record<string, unknown>>;
}

/** The channel's service, as small as it can be: takes every message at once and tells when it came. */
export interface ConnectorStub {
  readonly host: string;
  readonly serviceUrl: string;
  /** Resolves with the moment (`performance.now()`) at which the next message into this conversation arrives. */
  nextPost(conversation: string): Promise<number>;
  /** What stands in the message now. */
  message(messageId: string): Sent | undefined;
  stop(): void;
}

export async function startConnectorStub(authority: Certificate): Promise<ConnectorStub> {
  const waiting = new Map<string, ((at: number) => void)[]>();
  const sent = new Map<string, Sent>();
  let ids = 0;
  const server = await listenHttps(authority, (request, response) => {
    const at = performance.now();
    void bodyOf(request).then((body) => {
      const [, conversationPart = '', idPart] = PATH.exec(request.url ?? '') ?? [];
      const conversation = decodeURIComponent(conversationPart);
      ids += 1;
      const messageId = request.method === 'PUT' ? decodeURIComponent(idPart ?? '') : `stub-${ids}`;
      response.writeHead(request.method === 'PUT' ? 200 : 201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: messageId }));
      if (request.method === 'POST') waiting.get(conversation)?.shift()?.(at);
      // Replies are many and never looked at again; edited cards are few.
      if (request.method !== 'PUT') return;
      sent.set(messageId, { conversation, messageId, activity: JSON.parse(body.toString('utf8')) as Sent['activity'] });
    });
  });
  const host = `127.0.0.1:${server.port}`;
  return {
    host,
    serviceUrl: `https://${host}/teams/`,
    nextPost: (conversation) =>
      new Promise((resolve) => {
        const queue = waiting.get(conversation) ?? [];
        queue.push(resolve);
        waiting.set(conversation, queue);
      }),
    message: (messageId) => sent.get(messageId),
    stop: () => server.stop(),
  };
}
