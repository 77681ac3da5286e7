import { describe, expect, it } from 'vitest';
import { PostgresConversationStore } from '../../src/adapters/store/postgres-conversation-store.ts';
import type { Effect } from '../../src/core/store.ts';
import { ALERTS, BUSY, type DeliveryWorld, MAIL_OPS, THREAD, useDeliveryWorld } from '../support/delivery-world.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

const gone = { status: 403, body: { error: { code: 'BotNotInConversationRoster', message: '' } } };

async function noticesWaiting(): Promise<readonly Extract<Effect, { kind: 'notice' }>[]> {
  const sql = `select effect from switchyard.outbox where kind = 'notice' and done_at is null order by id`;
  const { rows } = await world.pool.query<{ effect: Extract<Effect, { kind: 'notice' }> }>(sql);
  return rows.map(({ effect }) => effect);
}

describe('a conversation that is closed to the bot', () => {
  it('and had subscribed is named to the operators, once', async () => {
    const request = await world.request();
    await world.subscribe(BUSY, { kind: 'approvals' });
    await world.subscribe(BUSY, { kind: 'all' });
    world.answers((_call, place) => (place === BUSY ? gone : null));

    await world.notice(request, 'proven');
    await world.sent();
    await world.conversations.forget(BUSY);

    const [notice, ...more] = await noticesWaiting();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ audience: 'operators', notice: { kind: 'closed', urgent: true } });
    if (notice) await world.delivery.notice(notice);
    await world.sent();
    const [told] = world.posts().filter(({ conversation }) => conversation === ALERTS);
    expect(told?.summary).toContain('“subscribe all”, “subscribe approvals”');
    expect(told).toMatchObject({ alert: true, text: expect.stringContaining(BUSY) });
  });

  it('and had not subscribed is nobody’s business', async () => {
    await world.conversations.forget(MAIL_OPS);

    expect(await noticesWaiting()).toEqual([]);
  });

  it('is reported to whoever wants to know, by the first who finds out', async () => {
    const closed: string[] = [];
    const store = new PostgresConversationStore(world.pool, undefined, (conversation) => closed.push(conversation));

    await Promise.all([store.forget(ALERTS), store.forget(ALERTS), store.forget(`${ALERTS};messageid=1`)]);

    expect(closed).toEqual([ALERTS]);
  });
});

describe('one no without a reason', () => {
  it('to an edit closes no channel, moves no card and loses no notice', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    const first = [{ status: 403, body: { error: { code: 'ServiceError', message: 'Unknown' } } }];
    world.answers((call) => (call.method === 'PUT' ? (first.shift() ?? null) : null));

    await world.delivery.card(request.id);
    await world.notice(request, 'outcome');
    await world.sent();

    expect(await world.notifier.scopeOf(MAIL_OPS)).toBe('channel');
    expect(world.places()).toEqual([THREAD]);
  });
});
