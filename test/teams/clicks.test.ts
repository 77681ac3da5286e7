import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HOME } from '../support/fake-teams.ts';
import { click, message, note, RITA, type RunningEdge, startEdge } from '../support/teams-edge.ts';

let edge: RunningEdge;

beforeAll(async () => {
  edge = await startEdge();
});

afterEach(() => edge.forget());

afterAll(() => edge.stop());

describe('a click', () => {
  it('is answered with a card', async () => {
    edge.dispatcher.onAction = async () => ({ kind: 'card', card: note('Approved') });

    const response = await edge.deliver(click(edge, 'approve', { requestId: 'R-1' }));

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: { type: 'AdaptiveCard', body: [{ text: 'Approved' }] },
    });
    expect(edge.dispatcher.actions).toMatchObject([
      {
        verb: 'approve',
        data: { requestId: 'R-1' },
        messageId: 'card-1',
        actor: { objectId: RITA, via: { activityId: expect.any(String) } },
      },
    ]);
  });

  it('carries what was typed beside it without what could not be stored', async () => {
    const reason = 'half \ud83d and nul \0,\nwhole 😀';

    await edge.deliver(click(edge, 'hold', { requestId: 'R-1', reason, count: 3 }));

    expect(edge.dispatcher.actions.at(-1)?.data).toEqual({
      requestId: 'R-1',
      reason: 'half \ufffd and nul ,\nwhole 😀',
      count: 3,
    });
  });

  it('is answered with a text', async () => {
    const response = await edge.deliver(click(edge, 'approve', {}));

    expect(await response.json()).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'Done.',
    });
  });

  it('is answered with an error inside an HTTP 200', async () => {
    const message = 'You asked for it yourself.';
    edge.dispatcher.onAction = async () => ({ kind: 'error', status: 403, code: 'refused', message });

    const response = await edge.deliver(click(edge, 'approve', {}));

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      statusCode: 403,
      type: 'application/vnd.microsoft.error',
      value: { code: 'refused', message },
    });
  });

  it('shows no internals when the dispatcher breaks', async () => {
    edge.dispatcher.onAction = async () => {
      throw new Error('select * from secrets');
    };

    const response = await edge.deliver(click(edge, 'approve', {}));
    const text = await response.text();

    expect(JSON.parse(text)).toMatchObject({ statusCode: 500, type: 'application/vnd.microsoft.error' });
    expect(text).not.toContain('secrets');
  });

  it('delivered twice at once gets the same answer from one decision', async () => {
    let decisions = 0;
    edge.dispatcher.onAction = async () => {
      decisions += 1;
      return { kind: 'message', text: `Decision ${decisions}` };
    };
    const activity = click(edge, 'approve', { requestId: 'R-1' });

    const both = await Promise.all([edge.deliver(activity), edge.deliver(activity)]);
    const later = await edge.deliver(activity);
    const texts = await Promise.all([...both, later].map((response) => response.text()));

    expect(new Set(texts).size).toBe(1);
    expect(edge.dispatcher.actions).toHaveLength(1);
  });

  it('with the id of somebody else’s click is a click of its own', async () => {
    const activity = click(edge, 'approve', {}, { id: 'same-id' });
    const other = { ...activity, from: { id: '29:eve', name: 'Eve', aadObjectId: RITA.replace(/1$/, '9') } };

    await edge.deliver(activity);
    await edge.deliver(other);

    expect(edge.dispatcher.actions).toHaveLength(2);
  });

  it.each([
    ['Action.Submit', { action: { type: 'Action.Submit', verb: 'approve' } }],
    ['no verb', { action: { type: 'Action.Execute', data: {} } }],
    ['a list for a verb', { action: { type: 'Action.Execute', verb: ['approve'] } }],
    ['nothing', null],
  ])('made of %s is refused unheard', async (_what, value) => {
    const response = await edge.deliver(click(edge, 'x', {}, { value }));

    expect(await response.json()).toMatchObject({ statusCode: 400, value: { code: 'invalid-input' } });
    expect(edge.dispatcher.actions).toEqual([]);
  });

  it.each([
    ['a stranger', { conversation: { id: 'a', conversationType: 'personal', tenantId: RITA } }],
    ['a bot', { from: { id: '28:other', name: 'Other', aadObjectId: RITA, role: 'bot' } }],
  ])('by %s is refused', async (_who, overrides) => {
    const response = await edge.deliver(click(edge, 'approve', {}, overrides));

    expect(await response.json()).toMatchObject({ statusCode: 403 });
    expect(edge.dispatcher.actions).toEqual([]);
  });

  it('does not edit the shared card, whatever it answers', async () => {
    edge.dispatcher.onAction = async () => ({ kind: 'card', card: { ...note('Mine'), refreshFor: [RITA] } });

    for (const verb of ['one', 'two', 'three']) await edge.deliver(click(edge, verb, {}));

    expect(edge.teams.calls).toEqual([]);
  });

  it('lists for refresh only people heard from, by their Teams id', async () => {
    edge.dispatcher.onAction = async () => ({ kind: 'card', card: { ...note('Mine'), refreshFor: [RITA, HOME] } });

    const response = await edge.deliver(click(edge, 'again', {}));

    expect(await response.json()).toMatchObject({ value: { refresh: { userIds: ['29:rita'] } } });
  });

  it('is not answered inline because the caller asks for it', async () => {
    const response = await edge.deliver(message(edge, 'help', { deliveryMode: 'expectReplies' }));

    expect(await response.text()).toBe('');
    expect(edge.teams.calls).toHaveLength(1);
  });

  it.each([
    ['de-DE', 'Europe/Berlin', /21\. Nov\.? 2026, 15:05 (MEZ|GMT\+1)/u],
    ['en-US', 'America/New_York', /Nov 21, 2026, 09:05 AM EST/u],
    ['not a locale', 'Europe/Berlin', /21 Nov 2026, 15:05/u],
    ['en-US', 'Nowhere/At_All', /at 2026-11-21 14:05 UTC\./u],
  ])('is answered with moments as a reader of %s in %s writes them', async (locale, timezone, expected) => {
    edge.dispatcher.onAction = async () => ({ kind: 'message', text: 'Approved at 2026-11-21 14:05 UTC.' });

    const entities = [{ type: 'clientInfo', locale, timezone }];
    const response = await edge.deliver(click(edge, 'approve', {}, { locale, entities }));

    expect(await response.json()).toMatchObject({ value: expect.stringMatching(expected) });
  });
});
