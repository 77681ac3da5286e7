import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type Server } from '../../src/server.ts';
import { createBotCredential } from '../../src/teams/bot-token.ts';
import { TeamsHost } from '../../src/teams/host.ts';
import { openTeamsChannel, type TeamsChannel } from '../../src/teams/teams-channel.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { eventually } from '../support/eventually.ts';
import { MemoryConversations } from '../support/memory-conversations.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { note, RecordingDispatcher } from '../support/teams-edge.ts';

interface Told {
  readonly activityId: string;
  readonly status: number;
  readonly replies: readonly { readonly id: string; readonly text: string }[];
}

const MAIL_OPS = '19:mail-ops@thread.tacv2';
const dispatcher = new RecordingDispatcher();
const conversations = new MemoryConversations();
const stop = new AbortController();
let host: TeamsHost;
let server: Server;
let rehearsal: RunningRehearsal;
let channel: TeamsChannel;

beforeAll(async () => {
  const log = createLogger({ level: 'fatal', secrets: [] });
  server = createServer({
    bot: { admits: (call) => host.admits(call), receive: (call, body) => host.receive(call, body) },
    health: async () => ({ ready: true, checks: {} }),
    consent: { start: async () => ({ status: 404, html: '' }), callback: async () => ({ status: 404, html: '' }) },
    log,
  });
  const port = await server.listen(0, '127.0.0.1');
  rehearsal = await startRehearsal({ PORT: String(port) });
  const variable = (name: string): string => rehearsal.environment[name] ?? '';
  setDefaultCACertificates([...getCACertificates('default'), await readFile(variable('EXTRA_CA_FILE'), 'utf8')]);
  const appId = variable('BOT_APP_ID');
  const homeTenantId = variable('BOT_TENANT_ID');
  const authority = variable('ENTRA_AUTHORITY');
  const secret = variable('BOT_APP_SECRET');
  channel = openTeamsChannel(
    {
      appId,
      homeTenantId,
      tokenIssuer: variable('BOT_TOKEN_ISSUER'),
      openIdMetadataUrl: variable('BOT_OPENID_METADATA_URL'),
      serviceHosts: variable('BOT_SERVICE_HOSTS').split(','),
      authority,
      credential: createBotCredential({ tenantId: homeTenantId, appId, secret, authority }),
      cards: fileURLToPath(new URL('../fixtures/cards', import.meta.url)),
      rehearsal: true,
      conversations,
      log,
    },
    stop.signal,
  );
  host = new TeamsHost({
    channel,
    dispatcher,
    roles: {
      actor: async (person) => ({ ...person, roles: ['requester'], rings: [], isGuest: false, freshSignInAt: null }),
    },
    welcome: () => note('Welcome'),
  });
  await eventually(() => conversations.known.has(MAIL_OPS) && conversations.known.size >= 8, 20_000);
});

beforeEach(() => {
  dispatcher.messages.length = 0;
});

afterAll(async () => {
  stop.abort();
  await rehearsal.stop();
  await server.close();
});

const type = (text: string, fields: Record<string, unknown> = {}): Promise<Told> =>
  rehearsal.control('messages', { as: 'rita', conversation: 'mail-ops', text, ...fields }) as Promise<Told>;

const thread = async (conversation: string): Promise<{ id: string; text: string; edits: number }[]> => {
  const response = await fetch(`${rehearsal.url}/control/conversations/${conversation}/messages`);
  const { messages } = (await response.json()) as { messages: { id: string; text: string; edits: number }[] };
  return messages;
};

describe('against the rehearsal', () => {
  it('every place the app is installed in is greeted', async () => {
    const greeted = await eventually(async () =>
      (await thread('mail-ops')).find(({ text }) => text.includes('Welcome')),
    );

    expect(greeted.text).toContain('REHEARSAL');
  });

  it('a message typed in a channel is answered in its thread', async () => {
    const told = await type('status');

    expect(dispatcher.messages.map(({ text, actor }) => [text, actor.name])).toEqual([['status', 'Rita (requester)']]);
    expect(told.replies.map(({ text }) => text)).toEqual([expect.stringContaining('You said status')]);
  });

  it('quoted words do not act', async () => {
    const { activityId } = await type('lock down contoso.com');
    dispatcher.messages.length = 0;

    await type('is this right?', { quote: activityId });

    expect(dispatcher.messages.map(({ text }) => text)).toEqual(['is this right?']);
  });

  it('a reply can be edited as the living card', async () => {
    dispatcher.onMessage = async () => ({ card: note('Planning'), livingCardOf: 'R-1' });
    await type('lock down contoso.com');
    const [post] = dispatcher.posts;
    if (!post) throw new Error('no living card was told');

    await channel.notifier.update(post.message, note('Proven'));

    const card = (await thread('mail-ops')).find(({ id }) => id === post.message.messageId);
    expect(card).toMatchObject({ edits: 1, text: expect.stringContaining('Proven') });
  });

  it('a personal chat can be opened by Entra object id alone', async () => {
    const ada = [...conversations.known.values()].find(({ key }) => key.includes('ada'));
    conversations.known.delete(ada?.key ?? '');

    const person = { tenantId: ada?.tenantId ?? '', objectId: ada?.personId ?? 'x', name: 'Ada' };
    const key = await channel.notifier.personal({ ...person, objectId: '11111111-0000-4000-8000-000000000011' });

    expect(key).toBe(ada?.key);
    await channel.notifier.post(key ?? '', note('For you'));
    expect((await thread('personal:ada')).at(-1)?.text).toContain('For you');
  });

  it('a send that Teams throttles is shown once', async () => {
    await rehearsal.control('deliveries', { sends: [{ kind: 'throttle', operation: 'send' }] });

    await channel.notifier.post(MAIL_OPS, note('Throttled once'));

    const shown = (await thread('mail-ops')).filter(({ text }) => text.includes('Throttled once'));
    expect(shown).toHaveLength(1);
  });
});
