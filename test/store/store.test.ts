import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/adapters/database/migrate.ts';
import { migrations } from '../../src/adapters/database/migrations/index.ts';
import { PostgresConversationStore } from '../../src/adapters/store/postgres-conversation-store.ts';
import { PostgresMessageStore } from '../../src/adapters/store/postgres-message-store.ts';
import { noClocks } from '../../src/core/clocks.ts';
import type { KnownConversation } from '../../src/ports/conversations.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds } from '../support/postgres.ts';
import { auditOf, cardOf, nextRevision, sampleRequest } from '../support/sample-request.ts';
import { useRequestStore } from '../support/use-request-store.ts';

describe.each(serverKinds)('stores on %s PostgreSQL', (kind) => {
  const world = useRequestStore(kind);

  it('gives a request back as it was stored, odd characters included', async () => {
    const request = { ...sampleRequest(), title: 'nul \u0000 lone \ud800 rtl \u202e "quotes" \\u0041' };

    expect(await world.requests.create(request, [], auditOf(request))).toBe(true);

    expect(await world.requests.get(request.id)).toEqual(request);
    expect(await world.requests.get('R-NOSUCHXX')).toBeNull();
  });

  it('refuses a second request with the same id and stores nothing of it', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));

    expect(await world.requests.create({ ...request, title: 'other' }, [cardOf(request)], auditOf(request))).toBe(
      false,
    );

    expect((await world.requests.get(request.id))?.title).toBe(request.title);
    expect(await world.auditCount(request.id)).toBe(1);
  });

  it('stores one of fifty concurrent world.requests for the same thing, and another one once that is closed', async () => {
    const { input } = sampleRequest();
    const wishes = Array.from({ length: 50 }, () => ({ ...sampleRequest(), input }));
    const stored = await Promise.all(wishes.map((wish) => world.requests.create(wish, [], auditOf(wish))));
    expect(stored.filter(Boolean)).toHaveLength(1);

    const first = wishes[stored.indexOf(true)] ?? sampleRequest();
    expect(await world.requests.save(nextRevision(first, { state: 'cancelled' }), [], null)).toBe(true);
    const later = { ...sampleRequest(), input };
    expect(await world.requests.create(later, [], auditOf(later))).toBe(true);
  });

  it('lets one of fifty concurrent saves win', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));

    const saves = Array.from({ length: 50 }, (_, index) =>
      world.requests.save(nextRevision(request, { title: `writer ${index}` }), [cardOf(request)], auditOf(request)),
    );
    const won = (await Promise.all(saves)).map((yes, index) => (yes ? index : -1)).filter((index) => index >= 0);

    expect(won).toHaveLength(1);
    expect((await world.requests.get(request.id))?.title).toBe(`writer ${won[0]}`);
    expect(await world.auditCount(request.id)).toBe(2);
    const effects = await world.pool.query('select from switchyard.outbox where request_id = $1', [request.id]);
    expect(effects.rowCount).toBe(1);
  });

  it('refuses a save of a revision that is not the next one', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));

    expect(await world.requests.save({ ...request, revision: 3 }, [], null)).toBe(false);
    expect(await world.requests.save({ ...request, revision: 1 }, [], null)).toBe(false);
    expect(await world.requests.save(nextRevision({ ...request, id: 'R-NOSUCHXX' }), [], null)).toBe(false);
  });

  it('lists by state and tenant, newest first', async () => {
    const tenant = 'c0000000-0000-4000-8000-0000000000aa';
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute));
    const old = {
      ...sampleRequest(tenant, at(0)),
      state: 'awaiting-approval',
      decideBy: at(30).toISOString(),
    } as const;
    const recent = { ...sampleRequest(tenant, at(5)), state: 'running' } as const;
    for (const request of [old, recent]) await world.requests.create(request, [], auditOf(request));
    const ids = async (filter: Parameters<typeof world.requests.list>[0]) =>
      (await world.requests.list(filter)).map(({ id }) => id);

    expect(await ids({ tenantId: tenant })).toEqual([recent.id, old.id]);
    expect(await ids({ tenantId: tenant, limit: 1 })).toEqual([recent.id]);
    expect(await ids({ tenantId: tenant, states: ['awaiting-approval', 'denied'] })).toEqual([old.id]);
    expect(await ids({ tenantId: tenant, states: [] })).toEqual([]);
  });

  it('lists what changed later than a moment', async () => {
    const tenant = 'c0000000-0000-4000-8000-0000000000ac';
    const request = { ...sampleRequest(tenant), updatedAt: '2026-11-21T09:00:00.500Z' };
    await world.requests.create(request, [], auditOf(request));
    const changedAfter = async (at: string) => world.requests.list({ tenantId: tenant, changedAfter: at });

    expect(await changedAfter('2026-11-21T09:00:00.499Z')).toHaveLength(1);
    expect(await changedAfter('2026-11-21T09:00:00.500Z')).toEqual([]);
  });

  it('lists what is due, the longest overdue first, and what another policy worked out', async () => {
    const tenant = 'c0000000-0000-4000-8000-0000000000ab';
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString();
    const due = (minute: number, duePolicy: string) => ({
      ...sampleRequest(tenant, new Date(at(60 - minute))),
      clocks: { ...noClocks, nextDue: at(minute), duePolicy },
    });
    const [early, late] = [due(10, 'policy-1'), due(30, 'policy-2')];
    for (const request of [early, late, sampleRequest(tenant)])
      await world.requests.create(request, [], auditOf(request));
    const ids = async (filter: Parameters<typeof world.requests.list>[0]) =>
      (await world.requests.list({ ...filter, tenantId: tenant })).map(({ id }) => id);

    expect(await ids({ dueBefore: at(30) })).toEqual([early.id, late.id]);
    expect(await ids({ dueBefore: at(29) })).toEqual([early.id]);
    expect(await ids({ dueUnderAnother: 'policy-2' })).toEqual([early.id]);

    await world.requests.save(nextRevision(early, { clocks: { ...early.clocks, nextDue: null } }), [], null);
    expect(await ids({ dueBefore: at(59) })).toEqual([late.id]);
  });

  it('lists the emergency starts a person has not answered for, until they are reviewed', async () => {
    const by = { tenantId: 'home', objectId: 'ada', name: 'Ada' };
    const emergency = { by, at: 'x', reason: 'y', planVersion: 1, digest: 'z', answerBy: 'x', reminded: 0 };
    const request = { ...sampleRequest(), breakGlass: { ...emergency, answer: null, review: null } };
    await world.requests.create(request, [], auditOf(request));
    const owedByAda = async () => (await world.requests.list({ owedBy: [by] })).map(({ id }) => id);
    expect(await owedByAda()).toEqual([request.id]);
    expect(await world.requests.list({ owedBy: [{ ...by, objectId: 'ben' }] })).toEqual([]);

    const answered = nextRevision(request, {
      breakGlass: { ...request.breakGlass, answer: { text: 'a', at: 'x' } },
    });
    await world.requests.save(answered, [], null);
    expect(await owedByAda()).toEqual([request.id]);
    const review = { by, verdict: 'accepted', text: '', at: 'x' } as const;
    await world.requests.save(
      nextRevision(answered, { breakGlass: { ...request.breakGlass, answer: { text: 'a', at: 'x' }, review } }),
      [],
      null,
    );
    expect(await owedByAda()).toEqual([]);
  });

  it('numbers the audit trail without gaps, also when writers fail and race', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [], auditOf(request));
    await Promise.allSettled([
      ...Array.from({ length: 20 }, () => world.requests.record(auditOf(request, 'refusal'))),
      world.requests.save(nextRevision(request, { updatedAt: 'not a time' }), [], auditOf(request)),
    ]);

    const { rows } = await world.pool.query<{ seq: number }>('select seq::integer from switchyard.audit order by seq');
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  });

  it.each([`update switchyard.audit set hash = ''`, 'delete from switchyard.audit', 'truncate switchyard.audit'])(
    'refuses to change the audit trail: %s',
    async (sql) => {
      await expect(world.pool.query(sql)).rejects.toThrow('append-only');
    },
  );

  it('remembers every card of a request once, and the first one as the living one', async () => {
    const messages = new PostgresMessageStore(world.pool);
    const first = { conversation: 'mail-ops', messageId: '1' };

    expect(await messages.cardOf('R-1')).toBeNull();
    expect(await messages.rememberCard('R-1', first)).toBe(true);
    expect(await messages.rememberCard('R-1', first)).toBe(false);
    const second = { conversation: 'alerts', messageId: '2' };
    expect(await messages.rememberCard('R-1', second)).toBe(true);
    expect(await messages.cardShows('R-1', first, 7)).toBe(7);
    expect(await messages.cardShows('R-1', first, 6)).toBe(7);
    expect(await messages.cardShows('R-1', { ...first, messageId: '9' }, 6)).toBe(6);
    expect(await messages.cardOf('R-1')).toEqual(first);
    expect(await messages.cardsOf('R-1')).toEqual([
      { ...first, revision: 7 },
      { ...second, revision: 0 },
    ]);
    await messages.forgetCard('R-1', first);
    expect(await messages.cardOf('R-1')).toEqual(second);
  });

  it('forgets with a team all its channels and their threads, and nothing of another team', async () => {
    const conversations = new PostgresConversationStore(world.pool);
    const place = { serviceUrl: 'https://smba.example/', tenantId: 'home', scope: 'channel', reference: {} } as const;
    const remember = (key: string, teamId: string | null) =>
      conversations.remember({ ...place, key, teamId, personId: null });
    const keys = ['19:team', '19:ops', '19:ops;messageid=1', '19:old', '19:other'];
    await remember('19:team', null);
    await remember('19:ops', '19:team');
    // Later activities need not name the team again.
    await remember('19:ops', null);
    await remember('19:ops;messageid=1', null);
    await remember('19:old', null);
    await remember('19:other', '19:other-team');

    await conversations.forgetTeam('19:team');

    const left = await Promise.all(keys.map((key) => conversations.get(key)));
    expect(left.map((one) => one?.key)).toEqual([undefined, undefined, undefined, '19:old', '19:other']);
  });

  it('keeps the latest description of a conversation and forgets gone ones until they speak again', async () => {
    const conversations = new PostgresConversationStore(world.pool);
    const chat: KnownConversation = {
      key: 'a:1',
      serviceUrl: 'https://old.example/',
      tenantId: 'home',
      scope: 'personal',
      personId: 'rita',
      reference: { bot: { id: '28:x' } },
    };
    await conversations.remember(chat);
    const moved = { ...chat, serviceUrl: 'https://new.example/' };
    await conversations.remember(moved);
    expect(await conversations.get('a:1')).toEqual(moved);
    expect(await conversations.personal('home', 'rita')).toEqual(moved);
    expect(await conversations.personal('other', 'rita')).toBeNull();

    await conversations.forget('a:1');
    expect(await conversations.get('a:1')).toBeNull();
    expect(await conversations.personal('home', 'rita')).toBeNull();

    await conversations.remember(moved);
    expect(await conversations.get('a:1')).toEqual(moved);
    expect(await conversations.latestServiceUrl('home')).toBe('https://new.example/');
    expect(await conversations.latestServiceUrl('other')).toBeNull();
  });

  it('keeps how the person of a chat reads, also when we open the chat again ourselves', async () => {
    const conversations = new PostgresConversationStore(world.pool);
    const reader = { locale: 'de-DE', timeZone: 'Europe/Berlin' };
    const place = { serviceUrl: 'https://x.example/', tenantId: 'home', scope: 'personal', reference: {} } as const;
    await conversations.remember({ ...place, key: 'a:2', personId: 'ada', reader });
    await conversations.remember({ ...place, key: 'a:2', personId: 'ada' });
    expect((await conversations.get('a:2'))?.reader).toEqual(reader);
  });

  it('forgets a channel with its threads, and has open world.requests that are shown there drawn again, once', async () => {
    const conversations = new PostgresConversationStore(world.pool);
    const place = { serviceUrl: 'https://x.example/', tenantId: 'home', scope: 'channel', reference: {} } as const;
    const keys = ['19:gone', '19:gone;messageid=1', '19:gone-not'];
    for (const key of keys) await conversations.remember({ ...place, key, personId: null });
    const [here, elsewhere] = [
      { ...sampleRequest(), conversation: '19:gone;messageid=1' },
      { ...sampleRequest(), conversation: '19:gone-not' },
    ];
    for (const request of [here, elsewhere]) await world.requests.create(request, [], auditOf(request));

    await conversations.forget('19:gone;messageid=1');
    await conversations.forget('19:gone');

    const left = await Promise.all(keys.map((key) => conversations.get(key)));
    expect(left.map((one) => one?.key ?? null)).toEqual([null, null, '19:gone-not']);
    const drawn = await world.pool.query('select request_id as id from switchyard.outbox where request_id = any($1)', [
      [here.id, elsewhere.id],
    ]);
    expect(drawn.rows).toEqual([{ id: here.id }]);
  });

  it('migrates once, however many processes start at the same time', async () => {
    const url = await world.newDatabase();
    const pools = await Promise.all([migratedPool(url), migratedPool(url), migratedPool(url)]);

    const { rows } = await pools[0].query<{ n: number }>('select count(*)::integer as n from switchyard.migrations');
    expect(rows[0]?.n).toBe(migrations.length);
    await pools[0].query(`insert into switchyard.migrations (name) values ('9999-from-the-future')`);
    await expect(migrate(pools[1])).rejects.toThrow('newer version');
    for (const each of pools) await each.end();
  });
});
