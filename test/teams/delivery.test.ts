import { describe, expect, it } from 'vitest';
import {
  ADAS_CHAT,
  ALERTS,
  BUSY,
  BUSY_TOO,
  type DeliveryWorld,
  MAIL_OPS,
  RITAS_CHAT,
  THREAD,
  useDeliveryWorld,
} from '../support/delivery-world.ts';
import { eventually } from '../support/eventually.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

const gone = { status: 403, body: { error: { code: 'BotNotInConversationRoster', message: '' } } };

describe('the cards of a request', () => {
  it('are all edited in place, each once per change', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: ALERTS, messageId: 'm-2' });

    await world.delivery.card(request.id);
    await world.delivery.card(request.id);

    expect(world.edits().map(({ conversation }) => conversation)).toEqual([THREAD, ALERTS]);
    expect(world.posts()).toEqual([]);
  });

  it('hold up none of the others when one cannot be edited now', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: BUSY, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: ALERTS, messageId: 'm-2' });
    world.answers((_call, place) => (place === BUSY ? { status: 429, headers: { 'retry-after': '60' } } : null));

    const failure = { code: 'unfinished', cause: { code: 'throttled' } };
    await expect(world.delivery.card(request.id)).rejects.toMatchObject(failure);

    expect(world.edits().map(({ conversation }) => conversation)).toContain(ALERTS);
  });

  it('of a request made in a personal chat go to the operators, with an alert, and the requester keeps one', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });

    await world.delivery.card(request.id);
    await world.delivery.card(request.id);

    expect(world.posts()).toMatchObject([{ conversation: ALERTS, alert: true }]);
    expect(world.edits()).toMatchObject([{ conversation: RITAS_CHAT, alert: false }]);
    expect(world.edits()[0]?.text).toContain('Approvers have a card of their own');
    const cards = await world.messages.cardsOf(request.id);
    expect(cards.map(({ conversation }) => conversation)).toEqual([RITAS_CHAT, ALERTS]);
  });

  it('go wherever somebody subscribed to approvals, instead of to the operators', async () => {
    await world.subscribe(ADAS_CHAT, { kind: 'approvals' });
    await world.subscribe(MAIL_OPS, { kind: 'approvals' });
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });

    await world.delivery.card(request.id);

    expect(world.places()).toEqual([MAIL_OPS, ADAS_CHAT]);
  });

  it('are not doubled in the channel where it was asked', async () => {
    await world.subscribe(MAIL_OPS, { kind: 'approvals' });
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });

    await world.delivery.card(request.id);

    expect(world.posts()).toEqual([]);
  });

  it.each(['reset', 'hang'] as const)(
    'is one, or a second one that says so, when Teams answers a post with %s',
    async (instead) => {
      const request = await world.request({ conversation: RITAS_CHAT });
      await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
      world.answers((call) => (call.method === 'POST' ? { instead } : null));
      if (instead === 'hang') world.answers((call) => (call.method === 'POST' ? { status: 504 } : null));

      for (let attempt = 0; attempt < 2; attempt += 1) {
        const failure = { code: 'unfinished', cause: { code: 'unknown-outcome' } };
        await expect(world.delivery.card(request.id)).rejects.toMatchObject(failure);
      }
      await world.delivery.card(request.id);

      expect(world.posts()).toHaveLength(2);
      expect(world.posts()[0]?.text).not.toContain('Posted again');
      expect(world.posts()[1]?.text).toContain('Posted again');
      expect(world.posts().every(({ text }) => text.includes(request.nonce))).toBe(true);
    },
  );

  it('appear where they can be seen when the channel they were in is gone, so that it can still be decided', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await world.conversations.forget(MAIL_OPS);

    const { rows } = await world.pool.query('select effect from switchyard.outbox where request_id = $1', [request.id]);
    expect(rows).toEqual([{ effect: { kind: 'card', requestId: request.id } }]);
    await world.delivery.card(request.id);
    await world.delivery.card(request.id);

    expect(world.places()).toEqual([RITAS_CHAT, ALERTS]);
    expect(world.edits()).toEqual([]);
  });

  it('appear again when somebody deleted the only one while it waits for a decision', async () => {
    const request = await world.request({ createdAt: '2026-11-21T08:00:00.000Z' });
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    const deleted = { status: 404, body: { error: { code: 'ActivityNotFoundInConversation', message: '' } } };
    world.answers((call) => (call.method === 'PUT' ? deleted : null));

    await world.delivery.card(request.id);

    expect(world.places()).toEqual([THREAD]);
  });
});

describe('a notice', () => {
  it('goes to the thread and, once each, to everybody who subscribed to its domain, its tenant or everything', async () => {
    const request = await world.request();
    const { domain } = request.input;
    await world.subscribe(ALERTS, { kind: 'all' });
    await world.subscribe(ALERTS, { kind: 'tenant', tenantId: request.tenant.id, name: 'contoso' });
    await world.subscribe(ADAS_CHAT, { kind: 'domain', domain: typeof domain === 'string' ? domain : '' });
    await world.subscribe(RITAS_CHAT, { kind: 'domain', domain: 'other.example' });
    await world.subscribe(MAIL_OPS, { kind: 'all' });

    await world.notice(request, 'proven');
    await world.notice(request, 'proven');
    await world.sent();

    expect(world.places().toSorted()).toEqual([THREAD, ALERTS, ADAS_CHAT].toSorted());
  });

  it('never goes to somebody who subscribed to another tenant', async () => {
    const request = await world.request();
    await world.subscribe(ALERTS, {
      kind: 'tenant',
      tenantId: 'c0000000-0000-4000-8000-000000000002',
      name: 'fabrikam',
    });

    await world.notice(request, 'proven');
    await world.sent();

    expect(world.places()).toEqual([THREAD]);
  });

  it('stands in the thread of the card where a channel has one', async () => {
    await world.subscribe(ALERTS, { kind: 'all' });
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: ALERTS, messageId: 'm-2' });

    await world.notice(request, 'proven');
    await world.sent();

    expect(world.places().toSorted()).toEqual([`${ALERTS};messageid=m-2`, RITAS_CHAT].toSorted());
  });

  it('alerts people only when somebody must act now', async () => {
    const request = await world.request();

    await world.notice(request, 'calm', { kind: 'proven' });
    await world.notice(request, 'pressing', { kind: 'undo-failed' });
    await world.notice(request, 'overridden', { kind: 'undo-failed', urgent: false });
    await world.sent();

    expect(world.posts().map(({ summary, alert }) => [summary, alert])).toEqual([
      ['calm', false],
      ['pressing', true],
      ['overridden', false],
    ]);
  });

  it('is told to the requester personally, then to the operators, when the conversations are gone', async () => {
    const request = await world.request();
    world.answers((_call, place) => (place === THREAD ? gone : null));
    await world.notice(request, 'denied');
    await world.sent();
    expect(world.places()).toEqual([THREAD, RITAS_CHAT]);

    // Opening the chat again gives the same one, which is as closed as before.
    const reopened = { body: { id: RITAS_CHAT } };
    world.answers((_call, place) => (place === RITAS_CHAT ? gone : place === '' ? reopened : null));
    await world.notice(request, 'undone', {}, 'requester');
    await world.sent();
    expect(world.places().slice(2)).toEqual([RITAS_CHAT, ALERTS]);
  });

  it('reaches the requester once, also when they asked in their personal chat', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });

    await world.notice(request, 'denied', {}, 'thread');
    await world.notice(request, 'denied', {}, 'requester');
    await world.sent();

    expect(world.places()).toEqual([RITAS_CHAT]);
  });

  it.each([
    ['429', { status: 429 }, 2],
    ['412', { status: 412 }, 2],
    ['502', { status: 502 }, 1],
    ['a broken connection', { instead: 'reset' as const }, 1],
  ])('is shown once beside the card when Teams answers with %s', async (_what, answer, calls) => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    const first = [answer];
    world.answers(() => first.shift() ?? null);

    await world.notice(request, 'proven');
    await world.sent();
    await world.notice(request, 'proven');
    await world.sent();

    expect(world.posts()).toHaveLength(calls);
  });

  it('of which sending was cut off by a crash is sent once more, and says so', async () => {
    const request = await world.request();
    await world.pool.query(`insert into switchyard.letter_boxes (conversation) values ($1)`, [THREAD]);
    const notice = { kind: 'proven', requestId: request.id, headline: 'proven', body: '', details: [], tone: 'good' };
    await world.pool.query(
      `insert into switchyard.letters (key, conversation, audience, notice, due_at, tried)
       values ('once', $1, 'thread', $2, '2026-11-21', 1), ('twice', $1, 'thread', $2, '2026-11-21', 2)`,
      [THREAD, JSON.stringify(notice)],
    );
    await world.sent();

    expect(world.posts()).toHaveLength(1);
    expect(world.posts()[0]?.text).toContain('it may have been shown before');
  });
});

describe('a digest', () => {
  it('collects notices and is one card when its period is over, and nothing comes when nothing happened', async () => {
    const [first, second] = [await world.request(), await world.request()];
    await world.subscribe(ALERTS, { kind: 'all' }, { digest: 'hourly' });
    await world.notice(first, 'one');
    await world.notice(second, 'two');
    await world.notice(second, 'now', { kind: 'undo-failed' });
    await eventually(() => world.posts().length === 4);
    expect(world.places().filter((place) => place === ALERTS)).toHaveLength(1);

    world.clock.advance(3600);
    await world.sent();
    world.clock.advance(7200);
    await world.sent();

    const told = world.posts().filter(({ conversation }) => conversation === ALERTS);
    expect(told.map(({ summary }) => summary)).toEqual(['now', '2 notices, the last one: two']);
    expect(told[1]?.text).toContain('The last hour: 2 notices');
  });
});

describe('a flood', () => {
  it('of 500 notices to one channel becomes a few cards that hold all of them in order', async () => {
    const request = await world.request({ conversation: BUSY_TOO });
    const names = Array.from({ length: 500 }, (_, index) => `notice ${index}.`);
    for (const name of names) await world.notice(request, name);
    await eventually(async () => (await world.openLetters()) === 0, 60_000);

    const shown = world
      .posts()
      .flatMap(({ text }) => [...text.matchAll(/"text":"(notice \d+\.)"/gu)].map(([, name]) => name));
    expect(shown).toEqual(names);
    expect(world.posts().length).toBeLessThanOrEqual(45);
    expect(world.errors).toEqual([]);
  }, 90_000);
});
