import { fileURLToPath } from 'node:url';
import type { ActionAnswer, ActionTurn, Dispatcher, MessageTurn, Reply } from '../../src/commands/turn.ts';
import type { Card } from '../../src/core/card.ts';
import type { SentMessage } from '../../src/core/store.ts';
import { createServer } from '../../src/server.ts';
import { TeamsHost } from '../../src/teams/host.ts';
import { openTeamsChannel, type TeamsChannel } from '../../src/teams/teams-channel.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { APP_ID, type FakeTeams, HOME, ISSUER, startFakeTeams, type TokenOptions } from './fake-teams.ts';
import { MemoryConversations } from './memory-conversations.ts';

export const RITA = '11111111-0000-4000-8000-000000000001';

export function note(title: string, texts: readonly string[] = []): Card {
  return { template: 'note', model: { title, id: 'R-1', lines: texts.map((text) => ({ text })) }, summary: title };
}

const echo = async ({ text }: MessageTurn): Promise<Reply | null> => ({ card: note(`You said ${text}`) });
const done = async (_turn: ActionTurn): Promise<ActionAnswer> => ({ kind: 'message', text: 'Done.' });

/** A dispatcher that writes down what it was asked. */
export class RecordingDispatcher implements Dispatcher {
  readonly messages: MessageTurn[] = [];
  readonly actions: ActionTurn[] = [];
  readonly posts: { readonly requestId: string; readonly message: SentMessage }[] = [];
  onMessage = echo;
  onAction = done;

  message(turn: MessageTurn): Promise<Reply | null> {
    this.messages.push(turn);
    return this.onMessage(turn);
  }

  action(turn: ActionTurn): Promise<ActionAnswer> {
    this.actions.push(turn);
    return this.onAction(turn);
  }

  async posted(requestId: string, message: SentMessage): Promise<void> {
    this.posts.push({ requestId, message });
  }

  /** Nothing was asked, and the answers are the usual ones. */
  forget(): void {
    for (const list of [this.messages, this.actions, this.posts]) list.length = 0;
    this.onMessage = echo;
    this.onAction = done;
  }
}

/** The real HTTP server with the real SDK behind it, against a fake channel. */
export interface RunningEdge {
  readonly url: string;
  readonly port: number;
  readonly teams: FakeTeams;
  readonly channel: TeamsChannel;
  readonly host: TeamsHost;
  readonly dispatcher: RecordingDispatcher;
  readonly conversations: MemoryConversations;
  readonly logLines: string[];
  /** Posts an activity as the channel does. */
  deliver(activity: object, token?: TokenOptions): Promise<Response>;
  /** Nothing was said or clicked, and both sides answer as usual. */
  forget(): void;
  stop(): Promise<void>;
}

interface EdgeOptions {
  readonly rehearsal?: boolean;
  readonly keysServed?: boolean;
  readonly asksWhoIsGuest?: boolean;
}

export async function startEdge(options: EdgeOptions = {}): Promise<RunningEdge> {
  const teams = await startFakeTeams(options);
  const stop = new AbortController();
  const logLines: string[] = [];
  const sink = { write: (line: string) => void logLines.push(line) };
  const log = createLogger({ level: 'info', secrets: [], sink });
  const conversations = new MemoryConversations();
  const dispatcher = new RecordingDispatcher();
  const channel = openTeamsChannel(
    {
      appId: APP_ID,
      homeTenantId: HOME,
      tokenIssuer: ISSUER,
      openIdMetadataUrl: teams.metadataUrl,
      serviceHosts: [teams.host],
      authority: `https://${teams.host}`,
      credential: { getToken: async () => ({ token: 'bot-token', expiresOnTimestamp: Date.now() + 3_600_000 }) },
      cards: fileURLToPath(new URL('../fixtures/cards', import.meta.url)),
      rehearsal: options.rehearsal ?? false,
      conversations,
      log,
    },
    stop.signal,
  );
  const host = new TeamsHost({
    channel,
    dispatcher,
    roles: {
      actor: async (person) => ({
        ...person,
        roles: person.objectId === RITA ? ['requester'] : [],
        rings: [],
        isGuest: false,
        freshSignInAt: null,
      }),
    },
    asksWhoIsGuest: options.asksWhoIsGuest ?? false,
    welcome: () => note('Welcome'),
  });
  const nothing = async () => ({ status: 404, html: '' });
  const health = async () => ({ ready: host.ready, checks: { keys: host.ready } });
  const server = createServer({ bot: host, health, consent: { start: nothing, callback: nothing }, log });
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const deliver = async (activity: object, token: TokenOptions = {}): Promise<Response> =>
    fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await teams.token(token)}` },
      body: JSON.stringify(activity),
    });
  return {
    url,
    port,
    teams,
    channel,
    host,
    dispatcher,
    conversations,
    logLines,
    deliver,
    forget: () => {
      dispatcher.forget();
      teams.calls.length = 0;
      teams.answer = () => ({});
    },
    stop: async () => {
      await server.close();
      stop.abort();
      await teams.stop();
    },
  };
}

let nextId = 1;

/** A message typed by Rita in a channel, as Teams sends it. */
export function message(edge: RunningEdge, text: string, overrides: Record<string, unknown> = {}): object {
  nextId += 1;
  return {
    type: 'message',
    id: `17000${nextId}`,
    channelId: 'msteams',
    serviceUrl: edge.teams.serviceUrl,
    timestamp: new Date().toISOString(),
    text: `<at>Switchyard</at> ${text}`,
    textFormat: 'plain',
    from: { id: '29:rita', name: 'Rita', aadObjectId: RITA },
    recipient: { id: `28:${APP_ID}`, name: 'Switchyard' },
    conversation: {
      id: '19:mail-ops@thread.tacv2;messageid=1',
      conversationType: 'channel',
      isGroup: true,
      tenantId: HOME,
    },
    channelData: { tenant: { id: HOME }, channel: { id: '19:mail-ops@thread.tacv2' } },
    entities: [
      { type: 'clientInfo', locale: 'en-US' },
      { type: 'mention', mentioned: { id: `28:${APP_ID}`, name: 'Switchyard' }, text: '<at>Switchyard</at>' },
    ],
    ...overrides,
  };
}

/** A click by Rita on a card. */
export function click(edge: RunningEdge, verb: string, data: unknown, overrides: Record<string, unknown> = {}): object {
  const value = { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' };
  return message(edge, '', { type: 'invoke', name: 'adaptiveCard/action', replyToId: 'card-1', value, ...overrides });
}
