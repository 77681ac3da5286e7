import { describe, expect, it } from 'vitest';
import { PostgresOutbox } from '../../src/adapters/store/postgres-outbox.ts';
import type { Effect } from '../../src/core/store.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { Delivery } from '../../src/teams/deliver.ts';
import { ADAS_CHAT, BUSY, type DeliveryWorld, MAIL_OPS, THREAD, useDeliveryWorld } from '../support/delivery-world.ts';
import { eventually } from '../support/eventually.ts';
import { HOME } from '../support/fake-teams.ts';
import { silentLog } from '../support/silent-log.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

const bad = { status: 400, body: { error: { code: 'BadSyntax', message: '' } } };
const unknown403 = { status: 403, body: { error: { code: 'ServiceError', message: 'Unknown' } } };

/** Drains the outbox as the bot does, until everything is as the condition says. */
async function drainUntil(effects: readonly Effect[], requestId: string, condition: () => Promise<boolean> | boolean) {
  const sql = `insert into switchyard.outbox (request_id, lane, kind, effect) values ($1, 'chat', $2, $3)`;
  for (const effect of effects) await world.pool.query(sql, [requestId, effect.kind, JSON.stringify(effect)]);
  const stop = new AbortController();
  const outbox = new PostgresOutbox(world.pool, world.url, silentLog());
  const draining = outbox.drain(async (effect, attempts) => {
    if (effect.kind === 'card') await world.delivery.card(effect.requestId, attempts);
    if (effect.kind === 'notice') await world.delivery.notice(effect);
  }, stop.signal);
  await eventually(condition, 20_000).finally(() => stop.abort());
  await draining;
}

const openEffects = async (): Promise<readonly string[]> => {
  const sql = 'select kind, lane from switchyard.outbox where done_at is null order by id';
  const { rows } = await world.pool.query<{ kind: string; lane: string }>(sql);
  return rows.map(({ kind, lane }) => `${kind} ${lane}`);
};

it('a card that a frozen process draws late shows in the end how things stand', async () => {
  const request = await world.request({ state: 'running' });
  await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
  const [drawn, thawed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const update: Notifier['update'] = async (...edit) => {
    drawn.resolve();
    await thawed.promise;
    return world.notifier.update(...edit);
  };
  const slow: Notifier = {
    post: (...post) => world.notifier.post(...post),
    scopeOf: (conversation) => world.notifier.scopeOf(conversation),
    readerOf: (conversation) => world.notifier.readerOf(conversation),
    personal: (person) => world.notifier.personal(person),
    update,
  };
  const frozen = new Delivery({ ...world.options, notifier: slow });
  const late = frozen.card(request.id);
  await drawn.promise;
  await world.move(request, { state: 'undo-failed' });
  await world.delivery.card(request.id);
  thawed.resolve();
  await late;
  const shown = world.edits().map(({ text }) => /▶ Running|NEEDS A PERSON/u.exec(text)?.[0]);
  expect(shown).toEqual(['NEEDS A PERSON', '▶ Running', 'NEEDS A PERSON']);
});

describe('a card that Teams refuses to change', () => {
  it('holds back no notice of its request, and is not tried for ever', async () => {
    const request = await world.request({ state: 'undo-failed' });
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: BUSY, messageId: 'm-2' });
    world.answers((call, place) => (call.method === 'PUT' && place === BUSY ? bad : null));
    const headline = 'NEEDS A PERSON';
    const notice = {
      kind: 'undo-failed',
      requestId: request.id,
      headline,
      body: '',
      details: [],
      tone: 'bad',
    } as const;
    const news = { kind: 'notice', id: `${request.id}:undo:requester`, audience: 'requester', notice } as const;

    const isTold = () => world.posts().some(({ summary }) => summary === headline);
    await drainUntil([{ kind: 'card', requestId: request.id }, news], request.id, async () => {
      return isTold() && (await openEffects()).length === 0;
    });

    expect(world.edits().filter(({ conversation }) => conversation === BUSY)).toHaveLength(1);
    expect((await world.messages.cardsOf(request.id)).map(({ conversation }) => conversation)).toEqual([THREAD]);
  });

  it.each([THREAD, BUSY])('in %s is replaced by a new one, which says so, while the request is open', async (place) => {
    const request = await world.request({ state: 'running' });
    const other = place === THREAD ? BUSY : THREAD;
    await world.messages.rememberCard(request.id, { conversation: place, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: other, messageId: 'm-2' });
    world.answers((call, where) => (call.method === 'PUT' && where === place ? bad : null));

    await world.delivery.card(request.id);
    await world.delivery.card(request.id);

    expect(world.places()).toEqual([place]);
    expect(world.posts()[0]?.text).toContain('Teams refuses to change the card');
    expect((await world.messages.cardsOf(request.id)).map(({ conversation }) => conversation)).toEqual([other, place]);
  });

  it('does not come again when its request is over, or when Teams refuses the new one as well', async () => {
    const over = await world.request({ state: 'done' });
    const open = await world.request({ createdAt: '2026-11-21T08:00:00.000Z' });
    for (const { id } of [over, open]) {
      await world.messages.rememberCard(id, { conversation: THREAD, messageId: `m-${id}` });
    }
    world.answers(() => bad);

    await world.delivery.card(over.id);
    expect(world.posts()).toEqual([]);
    await world.delivery.card(open.id);
    expect(world.places()).toEqual([THREAD]);
  });
});

describe('a card that cannot be changed now', () => {
  it.each([
    ['Teams is out of order', { status: 502 }],
    ['Teams says no without a reason', unknown403],
  ])('goes on aside while %s, and the notices of its request pass', async (_why, answer) => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    world.answers((call) => (call.method === 'PUT' ? answer : null));
    const told = {
      kind: 'proven',
      requestId: request.id,
      headline: 'told',
      body: '',
      details: [],
      tone: 'good',
    } as const;
    const news = { kind: 'notice', id: `${request.id}:proven:thread`, audience: 'thread', notice: told } as const;

    await drainUntil([{ kind: 'card', requestId: request.id }, news], request.id, async () => {
      return world.posts().length === 1 && (await openEffects()).join() === 'card aside';
    });

    world.answers(() => null);
    await drainUntil([], request.id, async () => (await openEffects()).length === 0);
    expect(world.edits().at(-1)?.conversation).toBe(THREAD);
  });

  it('is left as it is until the next change when Teams goes on saying no', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });
    world.answers((call) => (call.method === 'PUT' ? unknown403 : null));

    await expect(world.delivery.card(request.id, 11)).rejects.toMatchObject({ code: 'unfinished' });
    await world.delivery.card(request.id, 12);

    expect(await world.messages.cardsOf(request.id)).toHaveLength(1);
    expect(world.posts()).toEqual([]);
  });

  it('keeps the others waiting for a moment only', async () => {
    const request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: BUSY, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-2' });
    const release = Promise.withResolvers<void>();
    world.answers((call, place) => (place === BUSY && call.method === 'PUT' ? { after: release.promise } : null));

    const shown = world.delivery.card(request.id);
    await eventually(() => world.edits().some(({ conversation }) => conversation === THREAD));
    release.resolve();
    await shown;
  });
});

describe('cards in many conversations', () => {
  it('are posted once each and all remembered, however many conversations subscribed to approvals', async () => {
    const places = Array.from({ length: 22 }, (_, index) => `19:approvals-${index}@thread.tacv2`);
    for (const key of places) {
      const { serviceUrl } = world.teams;
      await world.conversations.remember({
        key,
        serviceUrl,
        tenantId: HOME,
        scope: 'channel',
        personId: null,
        reference: {},
      });
      await world.subscribe(key, { kind: 'approvals' });
    }
    let request = await world.request();
    await world.messages.rememberCard(request.id, { conversation: THREAD, messageId: 'm-1' });

    for (let change = 0; change < 3; change += 1) {
      await world.delivery.card(request.id);
      request = await world.move(request, {});
    }

    expect(world.places().toSorted()).toEqual(places.toSorted());
    expect(await world.messages.cardsOf(request.id)).toHaveLength(23);
    expect(world.places()).not.toContain(MAIL_OPS);
    expect(world.places()).not.toContain(ADAS_CHAT);
  }, 60_000);
});
