import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/person.ts';
import type { Effect } from '../../src/core/store.ts';
import type { Subscription, Topic } from '../../src/core/subscription.ts';
import { subscriptionEntry } from '../../src/core/subscription-entry.ts';
import { Delivery } from '../../src/teams/deliver.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import {
  ADAS_CHAT,
  ALERTS,
  BUSY,
  type DeliveryWorld,
  RITAS_CHAT,
  startDeliveryWorld,
  THREAD,
} from '../support/delivery-world.ts';
import { eventually } from '../support/eventually.ts';
import { ada, ben } from '../support/people.ts';

let world: DeliveryWorld;

beforeAll(async () => {
  world = await startDeliveryWorld();
});

beforeEach(() => world.clear());

afterAll(() => world.stop());

const all: Topic = { kind: 'all' };
const approvals: Topic = { kind: 'approvals' };

const subscribe = (conversation: string, topic: Topic, by: Actor = ada, digest: Subscription['digest'] = null) =>
  world.subscriptions.put(
    { conversation, topic, digest, timeZone: null, by },
    subscriptionEntry('subscribed', topic, by.tenantId, { actor: by }),
  );
const sent = () => eventually(async () => (await world.openLetters()) === 0);
const places = () => world.posts().map(({ conversation }) => conversation);

/** What is on its way to the operators, in the same transaction as the suspension. */
async function toldToOperators(): Promise<Extract<Effect, { kind: 'notice' }>[]> {
  const sql = `select effect from switchyard.outbox where request_id = 'subscriptions' order by id`;
  const { rows } = await world.pool.query<{ effect: Extract<Effect, { kind: 'notice' }> }>(sql);
  return rows.map(({ effect }) => effect);
}

describe('a subscription of somebody who has lost the role', () => {
  it.each([ADAS_CHAT, BUSY])('sends nothing to %s any more, and the operators are told once', async (place) => {
    const request = await world.request();
    await subscribe(place, all);
    world.people.without.add(ada.objectId);

    await world.notice(request, 'first');
    await world.notice(request, 'second');
    await sent();

    expect(places()).toEqual([THREAD, THREAD]);
    const told = await toldToOperators();
    expect(told).toMatchObject([
      { audience: 'operators', notice: { kind: 'suspended', details: [expect.stringContaining(place)] } },
    ]);
    for (const effect of [...told, ...told]) await world.delivery.notice(effect);
    await sent();
    expect(places().slice(2)).toEqual([ALERTS]);
    expect(world.posts().at(-1)?.text).toContain('subscribe all');
    expect(await world.subscriptions.of(place)).toMatchObject([{ suspended: true }]);
    const actions = (await auditEventsOf(world.pool, 'subscriptions')).map(({ action }) => action);
    expect(actions.at(-1)).toBe('subscription-suspended');
  });

  it.each([ADAS_CHAT, BUSY])('is told to %s itself where the operators have no conversation', async (place) => {
    const request = await world.request();
    await subscribe(place, all);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'first');
    const delivery = new Delivery({ ...world.options, operatorConversation: null });
    for (const effect of await toldToOperators()) await delivery.notice(effect);
    await sent();

    expect(places().toSorted()).toEqual([THREAD, place].toSorted());
    expect(world.posts().find(({ conversation }) => conversation === place)?.text).toContain('is suspended');
  });

  it('brings no notice for deciders to a chat whose person lost that role before it was sent', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: ADAS_CHAT, messageId: 'm-1' });
    world.people.isUnreadable = true;
    await world.notice(request, 'reminder', { kind: 'reminder' });
    await eventually(() => world.posts().length === 1);
    world.people.demoted.add(ada.objectId);
    world.people.isUnreadable = false;
    await world.pool.query(`update switchyard.letter_boxes set retry_at = now()`);
    await sent();

    expect(places()).toEqual([THREAD]);
  });

  it('goes on by itself when the role comes back, and the operators hear of a second loss', async () => {
    const request = await world.request();
    await subscribe(ADAS_CHAT, all);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'without');
    world.people.without.clear();
    await world.notice(request, 'with');
    await sent();

    expect(places().filter((place) => place === ADAS_CHAT)).toHaveLength(1);
    expect(await world.subscriptions.of(ADAS_CHAT)).toMatchObject([{ suspended: false }]);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'again');
    expect(await toldToOperators()).toHaveLength(2);
  });

  it('leaves those of others in the same channel as they are', async () => {
    const request = await world.request();
    await subscribe(BUSY, all);
    await subscribe(BUSY, { kind: 'tenant', tenantId: request.tenant.id, name: 'contoso' }, ben);
    world.people.without.add(ada.objectId);

    await world.notice(request, 'news');
    await sent();

    expect(places().toSorted()).toEqual([THREAD, BUSY].toSorted());
  });

  it('brings no card to decide on, and the operators get it when nobody else would', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
    await subscribe(ADAS_CHAT, approvals);
    world.people.without.add(ada.objectId);

    await world.delivery.card(request.id);

    expect(places()).toEqual([ALERTS]);
  });

  it('does not leave a request to whoever asked for it, though decisions are sent to their chat', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
    await subscribe(RITAS_CHAT, approvals, { ...ada, objectId: request.requester.objectId });

    await world.delivery.card(request.id);

    expect(places()).toEqual([ALERTS]);
  });

  it('withholds a digest that was collected before', async () => {
    const request = await world.request();
    await subscribe(ADAS_CHAT, all, ada, 'hourly');
    await world.notice(request, 'collected');
    world.people.without.add(ada.objectId);
    world.clock.advance(3600);
    await sent();

    expect(places()).toEqual([THREAD]);
    const { rows } = await world.pool.query(`select outcome from switchyard.letters where conversation = $1`, [
      ADAS_CHAT,
    ]);
    expect(rows).toEqual([{ outcome: 'withheld' }]);
  });

  it('does not bring reminders to a chat that has a card to decide on', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: ADAS_CHAT, messageId: 'm-1' });
    world.people.without.add(ada.objectId);

    await world.notice(request, 'reminder', { kind: 'reminder' });
    await sent();

    expect(places()).toEqual([THREAD]);
  });
});

describe('while it cannot be read who has a role', () => {
  it('channels are told, one person alone waits until it can', async () => {
    const request = await world.request();
    await subscribe(BUSY, all);
    await subscribe(ADAS_CHAT, all);
    world.people.isUnreadable = true;
    await world.notice(request, 'news');
    await eventually(() => world.posts().length === 2);
    expect(places().toSorted()).toEqual([THREAD, BUSY].toSorted());
    expect(await toldToOperators()).toEqual([]);

    world.people.isUnreadable = false;
    await world.pool.query(`update switchyard.letter_boxes set retry_at = now()`);
    await sent();
    expect(places()).toContain(ADAS_CHAT);
  });

  it('a chat gets its card to decide on later, and a channel at once', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await subscribe(BUSY, approvals);
    await subscribe(ADAS_CHAT, approvals);
    world.people.isUnreadable = true;
    await expect(world.delivery.card(request.id)).rejects.toMatchObject({ code: 'unfinished' });
    expect(places()).toEqual([BUSY]);

    world.people.isUnreadable = false;
    await world.delivery.card(request.id);
    expect(places()).toEqual([BUSY, ADAS_CHAT]);
  });
});
