import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RefusedError } from '../../src/core/errors.ts';
import { HOME } from '../support/fake-teams.ts';
import { click, message, note, RITA, type RunningEdge, startEdge } from '../support/teams-edge.ts';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge();
});

afterEach(() => edge.forget());

afterAll(() => edge.stop());

describe('a typed message', () => {
  it('reaches the dispatcher without mention and with the person behind it', async () => {
    const response = await edge.deliver(message(edge, 'lock&nbsp;down  contoso.com'));

    expect(response.status).toBe(200);
    expect(edge.dispatcher.messages).toEqual([
      {
        actor: {
          tenantId: HOME,
          objectId: RITA,
          name: 'Rita',
          roles: ['requester'],
          rings: [],
          isGuest: false,
          freshSignInAt: null,
          via: { conversation: '19:mail-ops@thread.tacv2;messageid=1', activityId: expect.stringMatching(/^17000/) },
        },
        conversation: '19:mail-ops@thread.tacv2;messageid=1',
        scope: 'channel',
        activityId: expect.stringMatching(/^17000/),
        text: 'lock down contoso.com',
        timeZone: null,
      },
    ]);
  });

  it('is answered in its thread within the turn', async () => {
    await edge.deliver(message(edge, 'help'));

    const [call] = edge.teams.calls;
    expect(call).toMatchObject({
      method: 'POST',
      path: `/teams/v3/conversations/${encodeURIComponent('19:mail-ops@thread.tacv2;messageid=1')}/activities`,
      authorization: 'Bearer bot-token',
    });
    expect(call?.body).toMatchObject({
      type: 'message',
      summary: 'You said help',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
    });
    expect(call?.body).not.toHaveProperty('text');
  });

  it('tells which message the living card is', async () => {
    edge.dispatcher.onMessage = async () => ({ card: note('Plan'), livingCardOf: 'R-7K2QXDAB' });
    edge.teams.answer = () => ({ body: { id: 'the-card' } });

    await edge.deliver(message(edge, 'lock down contoso.com'));

    const conversation = '19:mail-ops@thread.tacv2;messageid=1';
    expect(edge.dispatcher.posts).toEqual([
      { requestId: 'R-7K2QXDAB', message: { conversation, messageId: 'the-card' } },
    ]);
  });

  it('makes its thread and its channel known', async () => {
    await edge.deliver(message(edge, 'help'));

    const keys = [...edge.conversations.known.keys()];
    expect(keys).toEqual(expect.arrayContaining(['19:mail-ops@thread.tacv2;messageid=1', '19:mail-ops@thread.tacv2']));
  });

  it('acts once when it is delivered three times', async () => {
    const activity = message(edge, 'status');

    const all = await Promise.all([edge.deliver(activity), edge.deliver(activity)]);
    const third = await edge.deliver(activity);

    expect([...all, third].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(edge.dispatcher.messages).toHaveLength(1);
    expect(edge.teams.calls).toHaveLength(1);
  });

  it('is answered in words when the dispatcher fails', async () => {
    edge.dispatcher.onMessage = async () => {
      throw new RefusedError('The database is away.', { operation: 'plan', next: 'Ask again in a minute.' });
    };

    const response = await edge.deliver(message(edge, 'status'));

    expect(response.status).toBe(200);
    expect(edge.teams.calls[0]?.body['text']).toBe('The database is away. Ask again in a minute.');
  });

  it('is acknowledged soon although the channel hangs on the reply', async () => {
    edge.teams.answer = () => ({ instead: 'hang' });
    const started = performance.now();

    const conversation = { id: 'a:hanging', conversationType: 'personal', tenantId: HOME };
    const response = await edge.deliver(message(edge, 'help', { conversation }));

    expect(response.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(7000);
  });

  it('that only calls the bot by name is handed on empty, which is how help is asked for', async () => {
    await edge.deliver(message(edge, 'x', { text: '<at>Switchyard</at> &nbsp; ' }));

    expect(edge.dispatcher.messages.map(({ text }) => text)).toEqual(['']);
  });

  it.each([
    ['a bot wrote it', { from: { id: '28:other', name: 'Other', role: 'bot' } }],
    ['its author has no Entra identity', { from: { id: '29:x', name: 'X' } }],
    ['the identity is no object id', { from: { id: '29:x', name: 'X', aadObjectId: 'rita' } }],
    ['it does not mention the bot in a channel', { entities: [], text: 'lock down contoso.com' }],
    ['it is a submitted form without text', { text: '', value: { verb: 'approve' } }],
    [
      'it is a meeting chat of an unknown kind',
      { conversation: { id: 'm', conversationType: 'meeting', tenantId: HOME } },
    ],
  ])('is ignored when %s', async (_why, overrides) => {
    const response = await edge.deliver(message(edge, 'lock down contoso.com', overrides));

    expect(response.status).toBe(200);
    expect(edge.dispatcher.messages).toEqual([]);
    expect(edge.teams.calls).toEqual([]);
  });

  it('of another tenant gets one polite refusal and leaves no trace', async () => {
    const tenantId = '99999999-0000-4000-8000-000000000009';
    const conversation = { id: 'a:stranger', conversationType: 'personal', tenantId };
    const stranger = { conversation, channelData: { tenant: { id: tenantId } } };

    await edge.deliver(message(edge, 'status', stranger));
    await edge.deliver(message(edge, 'lock down contoso.com', stranger));

    expect(edge.teams.calls.map(({ body }) => body['text'])).toEqual([expect.stringContaining('one organisation')]);
    expect(edge.dispatcher.messages).toEqual([]);
    expect(edge.conversations.known.has('a:stranger')).toBe(false);
  });

  it('that names two tenants is treated as a stranger', async () => {
    const channelData = { tenant: { id: '99999999-0000-4000-8000-000000000009' } };

    await edge.deliver(message(edge, 'status', { channelData }));

    expect(edge.dispatcher.messages).toEqual([]);
  });
});

describe('an edited message', () => {
  it('never acts and is answered once', async () => {
    const edit = message(edge, 'lock down contoso.com', { type: 'messageUpdate' });
    const channelData = { tenant: { id: HOME }, eventType: 'editMessage' };

    await edge.deliver({ ...edit, channelData });
    await edge.deliver({ ...edit, channelData, timestamp: new Date().toISOString() });

    expect(edge.dispatcher.messages).toEqual([]);
    expect(edge.teams.calls.map(({ body }) => body['text'])).toEqual([expect.stringContaining('never act')]);
  });

  it.each(['undeleteMessage', 'softDeleteMessage'])('stays unanswered on %s', async (eventType) => {
    const type = eventType === 'softDeleteMessage' ? 'messageDelete' : 'messageUpdate';
    const activity = message(edge, 'lock down contoso.com', { type });

    const response = await edge.deliver({ ...activity, channelData: { tenant: { id: HOME }, eventType } });

    expect(response.status).toBe(200);
    expect([edge.dispatcher.messages, edge.teams.calls]).toEqual([[], []]);
  });
});

describe('a turn that breaks outside of our handlers', () => {
  it('is answered 500 without internals and can be found in the log', async () => {
    const broken = vi.spyOn(edge.channel.conversations, 'remember').mockImplementation(() => {
      throw new Error('the secret reason');
    });

    const response = await edge.deliver(
      message(edge, '', {
        type: 'conversationUpdate',
        conversation: { id: 'c', conversationType: 'personal', tenantId: HOME },
      }),
    );
    const { error } = (await response.json()) as { error: { correlationId: string } };
    broken.mockRestore();

    expect(response.status).toBe(500);
    const line = edge.logLines.find((text) => text.includes(error.correlationId));
    expect(line).toContain('the secret reason');
  });
});

describe('another kind of activity', () => {
  it('that asks for an answer nobody gives is answered 501', async () => {
    const response = await edge.deliver(click(edge, 'x', {}, { name: 'task/fetch' }));

    expect(response.status).toBe(501);
  });

  it('such as a reaction does nothing', async () => {
    const response = await edge.deliver(
      message(edge, 'x', { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] }),
    );

    expect(response.status).toBe(200);
    expect(edge.teams.calls).toEqual([]);
  });

  it('that installs the app is welcomed once per place', async () => {
    const install = {
      type: 'installationUpdate',
      action: 'add',
      conversation: { id: 'a:new', conversationType: 'personal', tenantId: HOME },
    };

    await edge.deliver(message(edge, '', install));
    await edge.deliver(message(edge, '', install));

    expect(edge.teams.calls.map(({ body }) => body['summary'])).toEqual(['Welcome']);
    expect(edge.conversations.known.get('a:new')).toMatchObject({ scope: 'personal', personId: RITA });
  });

  it('that removes the app makes the place unknown', async () => {
    const conversation = { id: 'a:leaving', conversationType: 'personal', tenantId: HOME };
    await edge.deliver(message(edge, 'help', { conversation }));

    await edge.deliver(message(edge, '', { type: 'installationUpdate', action: 'remove', conversation }));

    await vi.waitFor(() => expect(edge.conversations.known.has('a:leaving')).toBe(false), { timeout: 10_000 });
  });
});
