import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostgresOutbox } from '../../src/adapters/store/postgres-outbox.ts';
import { PostgresRequestStore } from '../../src/adapters/store/postgres-request-store.ts';
import { type Effect, type EffectHandler, StoreUnavailableError, UnfinishedError } from '../../src/core/store.ts';
import { eventually } from '../support/eventually.ts';
import { Gate } from '../support/gate.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { serverKinds } from '../support/postgres.ts';
import { auditOf, cardOf, nextRevision, noticeOf, sampleRequest, startOf } from '../support/sample-request.ts';
import { silentLog } from '../support/silent-log.ts';
import { useRequestStore } from '../support/use-request-store.ts';

function nameOf(effect: Effect): string {
  return effect.kind === 'notice' ? effect.id : effect.kind;
}

describe.each(serverKinds)('outbox on %s PostgreSQL', (kind) => {
  const world = useRequestStore(kind);
  let stop: AbortController;
  let drains: Promise<void>[];

  beforeEach(() => {
    stop = new AbortController();
    drains = [];
  });

  afterEach(async () => {
    stop.abort();
    await Promise.all(drains);
    await world.pool.query('delete from switchyard.outbox');
  });

  const drain = (
    handle: EffectHandler,
    { through = world.pool, throughUrl = world.url, signal = stop.signal } = {},
  ): void => {
    drains.push(new PostgresOutbox(through, throughUrl, silentLog()).drain(handle, signal));
  };

  const open = async (): Promise<number> => {
    const { rows } = await world.pool.query<{ n: number }>(
      'select count(*)::integer as n from switchyard.outbox where done_at is null',
    );
    return rows[0]?.n ?? 0;
  };

  it('carries out effects in the order of their request, one at a time', async () => {
    const seen: string[] = [];
    let inHand = 0;
    const most: number[] = [];
    drain(async (effect) => {
      inHand += 1;
      most.push(inHand);
      await pause(5);
      seen.push(nameOf(effect));
      inHand -= 1;
    });
    const request = sampleRequest();
    const ids = Array.from({ length: 10 }, (_, index) => `notice ${index}`);
    await world.requests.create(request, [noticeOf(request, 'first')], auditOf(request));
    await world.requests.save(
      nextRevision(request),
      ids.map((id) => noticeOf(request, id)),
      null,
    );

    await eventually(async () => (await open()) === 0);
    expect(seen).toEqual(['first', ...ids]);
    expect(Math.max(...most)).toBe(1);
  });

  it('carries out a committed effect within a moment', async () => {
    let seenAt = 0;
    drain(async () => {
      seenAt = performance.now();
    });
    await eventually(async () => {
      const sql = `select from pg_stat_activity where datname = current_database() and query like 'listen %'`;
      return (await world.pool.query(sql)).rowCount === 1;
    });
    // A worker that looks for itself does so every second.
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      seenAt = 0;
      const request = sampleRequest();
      await world.requests.create(request, [startOf(request)], auditOf(request));
      const stored = performance.now();
      await eventually(() => seenAt > 0);
      waits.push(seenAt - stored);
      await eventually(async () => (await open()) === 0);
    }
    expect(waits.toSorted((a, b) => a - b)[3]).toBeLessThan(250);
  });

  it('draws one card for all cards that were asked for while it waited', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [cardOf(request)], auditOf(request));
    let current = request;
    for (let count = 0; count < 9; count += 1) {
      current = nextRevision(current);
      await world.requests.save(current, [cardOf(current)], null);
    }
    const drawn: number[] = [];
    drain(async () => {
      drawn.push((await world.requests.get(request.id))?.revision ?? 0);
    });

    await eventually(async () => (await open()) === 0);
    expect(drawn).toEqual([10]);
  });

  it('draws a card again when the request changed while it was drawn', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [cardOf(request)], auditOf(request));
    const drawn: number[] = [];
    drain(async () => {
      const revision = (await world.requests.get(request.id))?.revision ?? 0;
      if (revision === 1) await world.requests.save(nextRevision(request), [cardOf(request)], null);
      drawn.push(revision);
    });

    await eventually(async () => (await open()) === 0);
    expect(drawn).toEqual([1, 2]);
  });

  it('tries a failed effect again after a growing pause and keeps the order meanwhile', async () => {
    const request = sampleRequest();
    await world.requests.create(request, [noticeOf(request, 'a'), noticeOf(request, 'b')], auditOf(request));
    const tries: number[] = [];
    const seen: string[] = [];
    drain(async (effect) => {
      if (nameOf(effect) === 'a') tries.push(performance.now());
      if (nameOf(effect) === 'a' && tries.length < 3) throw new Error('the channel is busy');
      seen.push(nameOf(effect));
    });

    await eventually(async () => (await open()) === 0);
    expect(seen).toEqual(['a', 'b']);
    const [first = 0, second = 0, third = 0] = tries;
    expect(second - first).toBeGreaterThanOrEqual(450);
    expect(third - second).toBeGreaterThanOrEqual(950);
    const { rows } = await world.pool.query(`select attempts, last_error from switchyard.outbox where attempts > 0`);
    expect(rows).toEqual([{ attempts: 2, last_error: 'the channel is busy' }]);
  });

  it('lets the others pass a card that cannot be finished, and says how often it was tried', async () => {
    const request = sampleRequest();
    const seen: string[] = [];
    let isKnown = false;
    drain(async (effect, attempts) => {
      if (effect.kind === 'card' && !isKnown) throw new UnfinishedError('not yet', { operation: 'draw', next: '' });
      seen.push(effect.kind === 'card' ? `card after ${attempts > 0 ? 'some' : 'no'} attempts` : nameOf(effect));
    });
    await world.requests.create(request, [cardOf(request), noticeOf(request, 'news')], auditOf(request));
    await eventually(async () => seen.length === 1 && (await open()) === 1);
    expect(seen).toEqual(['news']);
    isKnown = true;
    await eventually(async () => (await open()) === 0);
    expect(seen).toEqual(['news', 'card after some attempts']);
  });

  it('never draws two cards of a request at once, also when one was set aside', async () => {
    const request = sampleRequest();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let [drawn, inHand, most] = [0, 0, 0];
    drain(async () => {
      drawn += 1;
      most = Math.max(most, ++inHand);
      if (drawn === 2) first.resolve();
      if (drawn === 2) await second.promise;
      inHand -= 1;
      if (drawn === 1) throw new UnfinishedError('not yet', { operation: 'draw', next: '' });
    });
    await world.requests.create(request, [cardOf(request)], auditOf(request));
    await first.promise;
    await world.requests.save(nextRevision(request), [cardOf(request)], null);
    const waiting = `select from pg_stat_activity where wait_event_type = 'Lock'`;
    await eventually(async () => (await world.pool.query(waiting)).rowCount === 1);
    second.resolve();

    await eventually(async () => (await open()) === 0);
    expect({ drawn, most }).toEqual({ drawn: 3, most: 1 });
  });

  it('starts a run although the channel does not take the card', async () => {
    const request = sampleRequest();
    const seen: string[] = [];
    drain(async (effect) => {
      if (effect.kind === 'card') throw new Error('the channel is down');
      seen.push(nameOf(effect));
    });
    await world.requests.create(request, [cardOf(request), startOf(request)], auditOf(request));

    await eventually(() => seen.length === 1);
    expect(seen).toEqual(['start']);
  });

  it('does an effect once although two processes drain', async () => {
    const seen: string[] = [];
    const second = await migratedPool(world.url);
    for (const through of [world.pool, second]) {
      drain(
        async (effect) => {
          await pause(2);
          seen.push(nameOf(effect));
        },
        { through },
      );
    }
    const expected: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const request = sampleRequest();
      expected.push(`once ${index}`);
      await world.requests.create(request, [noticeOf(request, `once ${index}`)], auditOf(request));
    }

    await eventually(async () => (await open()) === 0);
    expect(seen.toSorted()).toEqual(expected.toSorted());
    stop.abort();
    await Promise.all(drains);
    await second.end();
  });

  it('gives an effect to somebody else at once when its process dies over it', async () => {
    const dying = await migratedPool(world.url);
    const request = sampleRequest();
    await world.requests.create(request, [startOf(request)], auditOf(request));
    const held = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const death = new AbortController();
    drain(
      async () => {
        // Its other worker may be on the way to the effect when the first one dies.
        if (death.signal.aborted) throw new Error('dead');
        held.resolve();
        await release.promise;
      },
      { through: dying, signal: death.signal },
    );
    await held.promise;
    death.abort();
    const backend = await eventually(async () => {
      const { rows } = await world.pool.query<{ pid: number }>(
        `select pid from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction' and query like '%skip locked'`,
      );
      return rows[0]?.pid;
    });
    let done = 0;
    drain(async () => {
      done += 1;
    });
    // What the server sees of a killed process: its connections end.
    await world.pool.query('select pg_terminate_backend($1)', [backend]);

    await eventually(() => done === 1, 5000).finally(() => release.resolve());
    stop.abort();
    await Promise.all(drains);
    await dying.end();
  });

  if (kind === 'external')
    it('loses nothing while the database is away for seconds', async () => {
      const gate = new Gate(world.url);
      await gate.open();
      const through = await migratedPool(gate.url);
      const store = new PostgresRequestStore(through, 20_000);
      const seen = new Set<string>();
      drain(
        async (effect) => {
          seen.add(nameOf(effect));
        },
        { through, throughUrl: gate.url },
      );
      const request = sampleRequest();
      await store.create(request, [noticeOf(request, 'before')], auditOf(request));
      await eventually(() => seen.has('before'));

      await gate.shut();
      const during = store.save(nextRevision(request), [noticeOf(request, 'during')], null);
      const impatient = new PostgresRequestStore(through, 300);
      await expect(impatient.get(request.id)).rejects.toThrow(StoreUnavailableError);
      await pause(2000);
      await gate.open();

      expect(await during).toBe(true);
      await eventually(() => seen.has('during'));
      stop.abort();
      await Promise.all(drains);
      await through.end();
      await gate.shut();
    });
});
