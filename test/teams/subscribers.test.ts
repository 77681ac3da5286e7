import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/store.ts';
import type { Topic } from '../../src/core/subscription.ts';
import { Delivery } from '../../src/teams/deliver.ts';
import { auditEventsOf } from '../support/audit-events.ts';
import {
  ADAS_CHAT,
  ALERTS,
  BUSY,
  type DeliveryWorld,
  RITAS_CHAT,
  THREAD,
  useDeliveryWorld,
} from '../support/delivery-world.ts';
import { eventually } from '../support/eventually.ts';
import { ada, ben } from '../support/people.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

const all: Topic = { kind: 'all' };
const approvals: Topic = { kind: 'approvals' };

/** What is on its way to the operators, in the same transaction as the suspension. */
async function toldToOperators(): Promise<Extract<Effect, { kind: 'notice' }>[]> {
  const sql = `select effect from switchyard.outbox where request_id = 'subscriptions' order by id`;
  const { rows } = await world.pool.query<{ effect: Extract<Effect, { kind: 'notice' }> }>(sql);
  return rows.map(({ effect }) => effect);
}

describe('a subscription of somebody who has lost the role', () => {
  it.each([ADAS_CHAT, BUSY])('sends nothing to %s any more, and the operators are told once', async (place) => {
    const request = await world.request();
    await world.subscribe(place, all);
    world.people.without.add(ada.objectId);

    await world.notice(request, 'first');
    await world.notice(request, 'second');
    await world.sent();

    expect(world.places()).toEqual([THREAD, THREAD]);
    const told = await toldToOperators();
    expect(told).toMatchObject([
      { audience: 'operators', notice: { kind: 'suspended', details: [expect.stringContaining(place)] } },
    ]);
    for (const effect of [...told, ...told]) await world.delivery.notice(effect);
    await world.sent();
    expect(world.places().slice(2)).toEqual([ALERTS]);
    expect(world.posts().at(-1)?.text).toContain('subscribe all');
    expect(await world.subscriptions.of(place)).toMatchObject([{ suspended: true }]);
    const actions = (await auditEventsOf(world.pool, 'subscriptions')).map(({ action }) => action);
    expect(actions.at(-1)).toBe('subscription-suspended');
  });

  it.each([ADAS_CHAT, BUSY])('is told to %s itself where the operators have no conversation', async (place) => {
    const request = await world.request();
    await world.subscribe(place, all);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'first');
    const delivery = new Delivery({ ...world.options, operatorConversation: null });
    for (const effect of await toldToOperators()) await delivery.notice(effect);
    await world.sent();

    expect(world.places().toSorted()).toEqual([THREAD, place].toSorted());
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
    world.clock.advance(15);
    await world.sent();

    expect(world.places()).toEqual([THREAD]);
  });

  it('goes on by itself when the role comes back, and the operators hear of a second loss', async () => {
    const request = await world.request();
    await world.subscribe(ADAS_CHAT, all);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'without');
    world.people.without.clear();
    await world.notice(request, 'with');
    await world.sent();

    expect(world.places().filter((place) => place === ADAS_CHAT)).toHaveLength(1);
    expect(await world.subscriptions.of(ADAS_CHAT)).toMatchObject([{ suspended: false }]);
    world.people.without.add(ada.objectId);
    await world.notice(request, 'again');
    expect(await toldToOperators()).toHaveLength(2);
  });

  it('leaves those of others in the same channel as they are', async () => {
    const request = await world.request();
    await world.subscribe(BUSY, all);
    await world.subscribe(BUSY, { kind: 'tenant', tenantId: request.tenant.id, name: 'contoso' }, { by: ben });
    world.people.without.add(ada.objectId);

    await world.notice(request, 'news');
    await world.sent();

    expect(world.places().toSorted()).toEqual([THREAD, BUSY].toSorted());
  });

  it('brings no card to decide on, and the operators get it when nobody else would', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
    await world.subscribe(ADAS_CHAT, approvals);
    world.people.without.add(ada.objectId);

    await world.delivery.card(request.id);

    expect(world.places()).toEqual([ALERTS]);
  });

  it('does not leave a request to whoever asked for it, though decisions are sent to their chat', async () => {
    const request = await world.request({ conversation: RITAS_CHAT });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
    await world.subscribe(RITAS_CHAT, approvals, { by: { ...ada, objectId: request.requester.objectId } });

    await world.delivery.card(request.id);

    expect(world.places()).toEqual([ALERTS]);
  });

  it('withholds a digest that was collected before', async () => {
    const request = await world.request();
    await world.subscribe(ADAS_CHAT, all, { digest: 'hourly' });
    await world.notice(request, 'collected');
    world.people.without.add(ada.objectId);
    world.clock.advance(3600);
    await world.sent();

    expect(world.places()).toEqual([THREAD]);
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
    await world.sent();

    expect(world.places()).toEqual([THREAD]);
  });
});

describe('while it cannot be read who has a role', () => {
  it('channels are told, one person alone waits until it can', async () => {
    const request = await world.request();
    await world.subscribe(BUSY, all);
    await world.subscribe(ADAS_CHAT, all);
    world.people.isUnreadable = true;
    await world.notice(request, 'news');
    await eventually(() => world.posts().length === 2);
    expect(world.places().toSorted()).toEqual([THREAD, BUSY].toSorted());
    expect(await toldToOperators()).toEqual([]);

    world.people.isUnreadable = false;
    world.clock.advance(15);
    await world.sent();
    expect(world.places()).toContain(ADAS_CHAT);
  });

  it('what waits does not hold up what is sent anyway, however much it is', async () => {
    const key = (index: number): string => `R-1:${index}`;
    const notice = {
      kind: 'finished',
      requestId: 'R-1',
      headline: 'x',
      body: '',
      details: [],
      tone: 'neutral',
    } as const;
    const letter = { conversation: ADAS_CHAT, audience: 'subscriber', digest: null, notice } as const;
    world.people.isUnreadable = true;
    const waiting = Array.from({ length: 600 }, (_, index) => ({ ...letter, key: key(index), by: ada }));
    const dueAt = world.clock.now();
    await world.letters.add([...waiting, { ...letter, key: key(600) }].map((one) => ({ ...one, dueAt })));
    // It is on record as sent a moment after Teams has it.
    await eventually(async () => (await world.openLetters()) === 600);
    expect(world.places()).toEqual([ADAS_CHAT]);

    world.people.without.add(ada.objectId);
    world.people.isUnreadable = false;
    world.clock.advance(15);
    await world.sent();
    expect(world.places()).toEqual([ADAS_CHAT]);
  });

  it('a chat gets its card to decide on later, and a channel at once', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await world.subscribe(BUSY, approvals);
    await world.subscribe(ADAS_CHAT, approvals);
    world.people.isUnreadable = true;
    await expect(world.delivery.card(request.id)).rejects.toMatchObject({ code: 'unfinished' });
    expect(world.places()).toEqual([BUSY]);

    world.people.isUnreadable = false;
    await world.delivery.card(request.id);
    expect(world.places()).toEqual([BUSY, ADAS_CHAT]);
  });
});
