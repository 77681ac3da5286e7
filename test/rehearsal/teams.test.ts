import { CardFactory, MessageFactory } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { invokeAnswer } from './teams-bot.ts';
import { type Harness, INSTALLS, startInstalled } from './teams-harness.ts';

const ADA = '11111111-0000-4000-8000-000000000011';

const approvalCard = {
  type: 'AdaptiveCard',
  version: '1.5',
  refresh: { action: { type: 'Action.Execute', verb: 'refresh', data: { id: 'r1' } }, userIds: [`29:${ADA}`] },
  body: [
    { type: 'TextBlock', text: 'Lock down contoso.com' },
    { type: 'FactSet', facts: [{ title: 'Digest', value: 'ab12' }] },
    { type: 'Input.Text', id: 'reason', label: 'Reason' },
  ],
  actions: [
    {
      type: 'Action.ShowCard',
      title: 'More',
      card: {
        type: 'AdaptiveCard',
        actions: [{ type: 'Action.Execute', title: 'Approve', verb: 'approve', id: 'a1', data: { id: 'r1' } }],
      },
    },
  ],
};

let harness: Harness;
const { post, get } = {
  post: (...args: Parameters<Harness['post']>) => harness.post(...args),
  get: (...args: Parameters<Harness['get']>) => harness.get(...args),
};

beforeEach(async () => {
  harness = await startInstalled();
});

afterEach(() => harness.stop());

async function postCard(): Promise<string> {
  harness.bot.turn = async (context) => {
    await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(approvalCard)));
  };
  const { replies } = await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'lock down contoso.com' });
  return replies[0]?.id ?? '';
}

describe('rehearsal/teams deliveries', () => {
  it('tells the bot of every conversation when it comes up, past its real token check', async () => {
    harness.reset();

    await vi.waitFor(() => expect(harness.bot.activities).toHaveLength(INSTALLS), { timeout: 10_000 });
    const ids = new Set(harness.bot.activities.map(({ conversation }) => conversation.id));
    expect(ids).toContain('19:alerts@thread.tacv2');
    expect(ids).toContain('a:personal-gus');
    expect(new Set(harness.bot.activities.map(({ type }) => type))).toEqual(
      new Set(['conversationUpdate', 'installationUpdate']),
    );
  });

  it('delivers a channel message with mention, thread, tenant and Entra identity, and returns the replies', async () => {
    harness.bot.turn = async (context) => {
      await context.sendActivity(`you said ${context.activity.text}`);
    };

    const answer = await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'help' });

    const [activity] = harness.bot.activities;
    expect(activity).toMatchObject({
      channelId: 'msteams',
      text: '<at>Switchyard</at> help',
      from: { id: '29:11111111-0000-4000-8000-000000000001', aadObjectId: '11111111-0000-4000-8000-000000000001' },
      conversation: { id: `19:mail-ops@thread.tacv2;messageid=${answer.activityId}`, conversationType: 'channel' },
      channelData: {
        tenant: { id: '0b0b0b0b-0000-4000-8000-000000000001' },
        channel: { id: '19:mail-ops@thread.tacv2' },
      },
    });
    expect(answer).toMatchObject({ delivered: true, status: 200 });
    expect(answer.replies).toMatchObject([{ rootId: answer.activityId, text: 'you said <at>Switchyard</at> help' }]);
  });

  it('does not deliver a channel message without a mention', async () => {
    const answer = await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'lunch?', mention: false });

    expect(answer.delivered).toBe(false);
    expect(harness.bot.activities).toHaveLength(0);
  });

  it('delivers again with the same id when the bot is late, then with a new id', async () => {
    await post('deliveries', { inbound: { answerWithinMs: 100, newIdAfterMs: 50 } });
    harness.bot.turn = () => new Promise((resolve) => setTimeout(resolve, 400));

    await post('messages', { as: 'omar', conversation: 'personal:omar', text: 'status' });

    const ids = harness.bot.activities.map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('doubles a delivery on request, at the same time and with a new id', async () => {
    const deliver = { times: 2, newId: true, concurrent: true };

    await post('messages', { as: 'omar', conversation: 'personal:omar', text: 'status', deliver });

    expect(new Set(harness.bot.activities.map(({ id }) => id)).size).toBe(2);
  });

  it('says at once that nothing listens when the bot is down', async () => {
    await harness.bot.stop();

    const answer = await post('messages', { as: 'omar', conversation: 'personal:omar', text: 'status' });

    expect(answer).toMatchObject({ delivered: false, status: null });
    expect(answer.error).toContain('Is the bot running?');
  });

  it('lets a forged audience be refused by the bot', async () => {
    const deliver = { claims: { aud: 'somebody-else' } };

    const answer = await post('messages', { as: 'omar', conversation: 'personal:omar', text: 'status', deliver });

    expect(answer.status).toBe(401);
    expect(harness.bot.activities).toHaveLength(0);
  });

  it('reports edits, deletions, arrivals and removals as Teams does', async () => {
    const { activityId } = await post('messages', { as: 'rita', conversation: 'mail-ops', text: 'help' });

    await post('edits', { as: 'rita', messageId: activityId, text: 'lock down contoso.com' });
    await post('deletions', { as: 'rita', messageId: activityId });
    await post('members', { add: [{ id: 'zoe', name: 'Zoe' }] });
    await post('installs', { action: 'remove', conversation: 'personal:eve' });

    const seen = harness.bot.activities.slice(1);
    expect(seen.map(({ type }) => type)).toEqual([
      'messageUpdate',
      'messageDelete',
      'conversationUpdate',
      'conversationUpdate',
      'installationUpdate',
    ]);
    expect(seen[0]).toMatchObject({ id: activityId, channelData: { eventType: 'editMessage' } });
    expect(seen[1]).toMatchObject({ channelData: { eventType: 'softDeleteMessage' } });
    expect(seen[4]).toMatchObject({ action: 'remove' });
  });
});

describe('rehearsal/teams cards', () => {
  it('finds the data of the button, also in a folded card, and returns the answer of the bot', async () => {
    const messageId = await postCard();
    harness.bot.turn = (context) =>
      invokeAnswer(context, {
        statusCode: 200,
        type: 'application/vnd.microsoft.activity.message',
        value: JSON.stringify(context.activity.value),
      }).then(() => undefined);

    const answer = await post('actions', { as: 'ada', messageId, verb: 'approve', inputs: { reason: 'fine' } });

    expect(answer).toMatchObject({ status: 200, outcome: 'message' });
    expect(JSON.parse(answer.text)).toEqual({
      action: { type: 'Action.Execute', id: 'a1', verb: 'approve', data: { id: 'r1', reason: 'fine' } },
      trigger: 'manual',
    });
    expect(harness.bot.activities.at(-1)).toMatchObject({ replyToId: messageId, from: { aadObjectId: ADA } });
  });

  it('shows a returned card only to the person who clicked, until the shared card is edited', async () => {
    const messageId = await postCard();
    const own = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'For Ada' }] };
    harness.bot.turn = async (context) => {
      await invokeAnswer(context, { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: own });
    };

    const { messages } = await post('views', { as: 'ada', messageId });

    expect(messages[0]?.text).toBe('For Ada');
    expect((await get(`messages/${messageId}?as=eve`)).text).toContain('Lock down contoso.com');
    expect(harness.bot.activities.at(-1)?.value).toMatchObject({ trigger: 'automatic', action: { verb: 'refresh' } });
  });

  it('does not refresh for a person the card does not list', async () => {
    const messageId = await postCard();
    const before = harness.bot.activities.length;

    await post('views', { as: 'eve', conversation: 'mail-ops' });

    expect(harness.bot.activities).toHaveLength(before);
    expect((await get(`messages/${messageId}`)).refreshFor).toEqual(['ada']);
  });

  it('forges a click with other data from another conversation', async () => {
    const messageId = await postCard();

    await post('actions', { as: 'eve', messageId, verb: 'approve', data: { id: 'r2' }, conversation: 'personal:eve' });

    const activity = harness.bot.activities.at(-1);
    expect(activity?.conversation.id).toBe('a:personal-eve');
    expect(activity?.value.action.data).toEqual({ id: 'r2' });
  });

  it('flattens the visible text of a card for scripts', async () => {
    const messageId = await postCard();

    const { text } = await get(`messages/${messageId}`);

    expect(text).toContain('Lock down contoso.com\nDigest: ab12\nReason');
    expect(text).toContain('[Approve]');
  });

  it('refuses a verb that the card does not have', async () => {
    const messageId = await postCard();

    const answer = await post('actions', { as: 'ada', messageId, verb: 'explode' });

    expect(answer.http).toBe(400);
    expect(answer.error).toContain('explode');
  });
});
