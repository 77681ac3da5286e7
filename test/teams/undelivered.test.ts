import { describe, expect, it } from 'vitest';
import { ALERTS, BUSY, type DeliveryWorld, RITAS_CHAT, THREAD, useDeliveryWorld } from '../support/delivery-world.ts';
import { eventually } from '../support/eventually.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

const bad = { status: 413, body: { error: { code: 'MessageSizeTooBig', message: '' } } };
const unknown403 = { status: 403, body: { error: { code: 'ServiceError', message: 'Unknown' } } };

const told = (place: string) => world.posts().filter(({ conversation }) => conversation === place);

describe('a notice of which it is not known whether it was shown', () => {
  it.each([
    ['503', { status: 503 }],
    ['a broken connection', { instead: 'reset' as const }],
  ])('is sent once more where no card of its request is, and says so (%s)', async (_what, answer) => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await world.subscribe(BUSY, { kind: 'all' });
    const first = [THREAD, BUSY];
    world.answers((_call, place) => {
      if (!first.includes(place)) return null;
      first.splice(first.indexOf(place), 1);
      return answer;
    });

    await world.notice(request, 'undo failed', { kind: 'undo-failed' });
    await world.sent();

    expect(told(THREAD)).toHaveLength(1);
    expect(told(BUSY).map(({ text }) => text.includes('it may have been shown before'))).toEqual([false, true]);
  });

  it('is not sent a third time', async () => {
    const request = await world.request();
    world.answers(() => ({ status: 502 }));

    await world.notice(request, 'undo failed', { kind: 'undo-failed' });
    await world.sent();

    expect(told(THREAD)).toHaveLength(2);
  });
});

describe('a card of notices that Teams refuses', () => {
  it('is sent one by one, and of what is still refused the operators get the headline', async () => {
    const request = await world.request({ conversation: BUSY });
    const names = Array.from({ length: 6 }, (_, index) => `notice ${index}`);
    const hold = Promise.withResolvers<void>();
    world.answers((call, place) => {
      if (place !== BUSY) return null;
      const text = JSON.stringify(call.body);
      if (text.includes('first of all')) return { after: hold.promise };
      return text.includes('far too long') ? bad : null;
    });
    await world.notice(request, 'first of all');
    await eventually(() => told(BUSY).length === 1);
    for (const name of names) {
      await world.notice(request, name, { body: name === 'notice 3' ? 'far too long' : 'short', details: ['more'] });
    }
    hold.resolve();
    await world.sent();

    const shown = told(BUSY).slice(2);
    expect(shown.map(({ summary }) => summary)).toEqual(names);
    expect(told(ALERTS)).toMatchObject([{ summary: 'notice 3' }]);
    expect(told(ALERTS)[0]?.text).toContain(`“show ${request.id}” tells the rest`);
    expect(told(ALERTS)[0]?.text).not.toContain('far too long');
    const { rows } = await world.pool.query(
      `select outcome, count(*)::integer as count from switchyard.letters group by outcome order by outcome`,
    );
    expect(rows).toEqual([
      { outcome: 'refused', count: 1 },
      { outcome: 'shown', count: 7 },
    ]);
  });

  it('in short as well is not tried again', async () => {
    const request = await world.request();
    world.answers(() => bad);

    await world.notice(request, 'undone');
    await world.sent();

    expect(world.places()).toEqual([THREAD, ALERTS]);
  });
});

describe('a notice to which Teams says no without a reason', () => {
  it('once is shown where it belongs', async () => {
    const request = await world.request();
    const first = [unknown403, { status: 404, body: 'not found' }];
    world.answers(() => first.shift() ?? null);

    await world.notice(request, 'denied');
    await world.sent();

    expect(world.places()).toEqual([THREAD, THREAD, THREAD]);
  });

  it('again and again goes to whoever comes next, and the conversation stays known', async () => {
    const request = await world.request();
    world.answers((_call, place) => (place === THREAD ? unknown403 : null));
    await world.notice(request, 'denied');
    await eventually(() => told(THREAD).length >= 6);
    await world.pool.query('update switchyard.letters set refusals = 5 where done_at is null');
    await world.pool.query(`update switchyard.letter_boxes set retry_at = '-infinity'`);
    await eventually(() => told(RITAS_CHAT).length === 1);
    expect(await world.notifier.scopeOf(THREAD)).toBe('channel');

    world.answers(() => null);
    await world.notice(request, 'done');
    await world.sent();
    expect(told(THREAD).at(-1)?.summary).toBe('done');
  }, 20_000);

  it('where nobody comes next waits for some minutes, in nobody’s way', async () => {
    const request = await world.request();
    await world.subscribe(BUSY, { kind: 'all' });
    world.answers((call, place) =>
      place === BUSY && JSON.stringify(call.body).includes('unwanted') ? unknown403 : null,
    );
    await world.notice(request, 'unwanted');
    await eventually(() => told(BUSY).length >= 3);
    await world.pool.query(`update switchyard.letters set refusals = 5 where conversation = $1`, [BUSY]);
    await world.pool.query(`update switchyard.letter_boxes set retry_at = '-infinity'`);
    const waiting = 'select from switchyard.letters where done_at is null and due_at > $1';
    await eventually(async () => (await world.pool.query(waiting, [world.clock.now()])).rowCount === 1);

    await world.notice(request, 'wanted');
    await eventually(() => told(BUSY).at(-1)?.summary === 'wanted');
    world.answers(() => null);
    world.clock.advance(300);
    await world.sent();

    expect(told(BUSY).at(-1)?.summary).toBe('unwanted');
  }, 20_000);
});
