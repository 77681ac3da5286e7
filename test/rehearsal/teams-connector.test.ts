import { MessageFactory, TeamsInfo } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startInstalled } from './teams-harness.ts';

const ADA = '11111111-0000-4000-8000-000000000011';

let harness: Harness;
const { post, get } = {
  post: (...args: Parameters<Harness['post']>) => harness.post(...args),
  get: (...args: Parameters<Harness['get']>) => harness.get(...args),
};

beforeEach(async () => {
  harness = await startInstalled();
});

afterEach(() => harness.stop());

describe('rehearsal/teams connector', () => {
  it('updates and deletes in place and keeps what the message said', async () => {
    harness.bot.turn = async (context) => {
      const sent = await context.sendActivity('first');
      await context.updateActivity({ id: sent?.id ?? '', type: 'message', text: 'second' });
      const other = await context.sendActivity('third');
      await context.deleteActivity(other?.id ?? '');
    };

    await post('messages', { as: 'rita', conversation: 'personal:rita', text: 'help' });

    const { messages } = await get('conversations/personal:rita/messages');
    expect(messages).toMatchObject([
      { from: { id: 'rita' } },
      { text: 'second', edits: 1, history: [{ body: 'first' }] },
      { text: '', deleted: true },
    ]);
  });

  it('answers members, single members, pages, team and channels', async () => {
    const seen: unknown[] = [];
    harness.bot.turn = async (context) => {
      seen.push((await TeamsInfo.getMember(context, ADA)).userPrincipalName);
      seen.push((await TeamsInfo.getPagedMembers(context, 4)).members.length);
      seen.push((await TeamsInfo.getTeamDetails(context)).name);
      seen.push((await TeamsInfo.getTeamChannels(context)).map(({ name }) => name));
    };

    await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'help' });

    expect(seen).toEqual(['ada@switchyard.example', 4, 'Mail operations', ['mail-ops', 'alerts']]);
  });

  it('opens a new thread in a channel and a personal chat', async () => {
    const { adapter } = harness.bot;
    const serviceUrl = `${harness.cloud}/teams/`;
    const appId = '0b0b0b0b-0000-4000-8000-0000000000b0';
    const activity = MessageFactory.text('notice');
    const inChannel = { isGroup: true, channelData: { channel: { id: '19:alerts@thread.tacv2' } }, activity };
    const toRita = { isGroup: false, members: [{ id: '29:11111111-0000-4000-8000-000000000001' }], activity };

    for (const parameters of [inChannel, toRita]) {
      await adapter.createConversationAsync(
        appId,
        'msteams',
        serviceUrl,
        '',
        parameters as never,
        async () => undefined,
      );
    }

    expect((await get('conversations/alerts/messages')).messages).toMatchObject([{ text: 'notice' }]);
    expect((await get('conversations/personal:rita/messages')).messages).toMatchObject([{ text: 'notice' }]);
  });

  it('refuses a call without a valid token', async () => {
    const response = await fetch(`${harness.cloud}/teams/v3/conversations/a:personal-rita/activities`, {
      method: 'POST',
      headers: { authorization: 'Bearer nonsense' },
      body: JSON.stringify({ type: 'message', text: 'hello' }),
    });

    expect(response.status).toBe(401);
  });

  it('refuses a message above 100 KB and a bot that is not in the roster', async () => {
    const codes: unknown[] = [];
    harness.bot.turn = async (context) => {
      const attempt = (text: string): Promise<unknown> =>
        context.sendActivity(text).catch((error: { statusCode?: number }) => codes.push(error.statusCode));
      await attempt('x'.repeat(60_000));
      await post('deliveries', { sends: [{ kind: 'not-in-roster', operation: 'send' }] });
      await attempt('hello');
    };

    await post('messages', { as: 'rita', conversation: 'personal:rita', text: 'help' });

    expect(codes).toEqual([413, 403]);
  });

  it('fails after the effect on request, so that a blind retry doubles the message', async () => {
    await post('deliveries', { sends: [{ kind: 'server-error-after', operation: 'send', status: 502 }] });
    harness.bot.turn = async (context) => {
      await context.sendActivity('once');
    };

    await post('messages', { as: 'rita', conversation: 'personal:rita', text: 'help' });

    const { messages } = await get('conversations/personal:rita/messages');
    expect(messages.filter(({ text }) => text === 'once')).toHaveLength(2);
  });

  it('throttles by the general faults too, and writes every call into the journal', async () => {
    harness.world.faults.arm({
      where: 'teams',
      kind: 'throttle-with-retry-after',
      match: { operation: 'send' },
      seconds: 1,
    });
    harness.bot.turn = async (context) => {
      await context.sendActivity('hello');
    };

    await post('messages', { as: 'rita', conversation: 'personal:rita', text: 'help' });

    const calls = harness.world.journal.list({ where: 'teams' }).filter(({ operation }) => operation === 'send');
    expect(calls.map(({ status }) => status)).toEqual([429, 201]);
  });

  it('holds the bot to the limits of Teams when asked to', async () => {
    await post('deliveries', { limits: true });
    const codes: number[] = [];
    harness.bot.turn = async (context) => {
      const token = await harness.world.identity.signAccessToken({
        issuer: 'test',
        audience: 'https://api.botframework.com',
        tenant: 't',
        appId: '0b0b0b0b-0000-4000-8000-0000000000b0',
        roles: [],
      });
      const send = async (): Promise<void> => {
        const response = await fetch(
          `${context.activity.serviceUrl}v3/conversations/${context.activity.conversation.id}/activities`,
          { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{"type":"message","text":"x"}' },
        );
        codes.push(response.status);
      };
      // The limit counts real seconds, so all of them go at once.
      await Promise.all(Array.from({ length: 8 }, send));
    };

    await post('messages', { as: 'rita', conversation: 'personal:rita', text: 'help' });

    expect(codes.toSorted((one, other) => one - other)).toEqual([201, 201, 201, 201, 201, 201, 201, 429]);
  });

  it('shows whether the bot asked for an alert, which an edit does not do again', async () => {
    harness.bot.turn = async (context) => {
      await context.sendActivity({ ...MessageFactory.text('act now'), channelData: { notification: { alert: true } } });
      await context.sendActivity(MessageFactory.text('read some day'));
    };
    const { replies } = await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'go' });

    expect(replies).toMatchObject([{ alert: true }, { alert: false }]);
  });
});
