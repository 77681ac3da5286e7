import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../../src/adapters/database/open-database.ts';
import { PostgresLetterStore } from '../../src/adapters/store/postgres-letter-store.ts';
import type { NewLetter } from '../../src/ports/letters.ts';
import { migratedPool } from '../support/migrated-pool.ts';
import { ada } from '../support/people.ts';
import { startServer, type TestServer } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const now = new Date('2026-11-21T09:00:00Z');

function letter(key: string, conversation = '19:a', dueAt = now): NewLetter {
  const notice = { kind: 'finished', requestId: 'R-1', headline: key, body: '', details: [], tone: 'neutral' } as const;
  return { key, conversation, audience: 'thread', notice, digest: null, dueAt };
}

let server: TestServer;
let url: string;
let pool: pg.Pool;
let one: PostgresLetterStore;

beforeAll(async () => {
  server = await startServer('embedded');
  url = await server.newDatabase();
  pool = await migratedPool(url);
  one = new PostgresLetterStore(pool);
});

beforeEach(async () => {
  await pool.query('delete from switchyard.letters; delete from switchyard.letter_boxes');
});

afterAll(async () => {
  await pool?.end();
  await server?.stop();
});

describe('letters', () => {
  it('come in order, each key once per conversation, and not before they are due', async () => {
    const tomorrow = new Date('2026-11-22T08:00:00Z');
    await one.add([letter('b'), letter('a'), letter('later', '19:a', tomorrow), letter('b', '19:b')]);
    await one.add([letter('b'), letter('c')]);

    const box = await one.take(now);
    expect(box?.letters.map(({ key }) => key)).toEqual(['b', 'a', 'c']);
    if (box) await box.done(box.letters, 'shown');
    await box?.release();
    const other = await one.take(now);
    expect([other?.conversation, other?.letters.length]).toEqual(['19:b', 1]);
    if (other) await other.done(other.letters, 'shown');
    await other?.release();
    expect(await one.take(now)).toBeNull();
    const digest = await one.take(tomorrow);
    expect(digest?.letters.map(({ key }) => key)).toEqual(['later']);
    await digest?.release();
  });

  it('that go there whoever wishes it take the place of those that were only wished for, also while these are withheld', async () => {
    const tomorrow = new Date('2026-11-22T08:00:00Z');
    const wished = { ...letter('a', '19:a', tomorrow), audience: 'subscriber', digest: 'daily', by: ada } as const;
    await one.add([wished, letter('b'), letter('b')]);
    const asDigest = await one.take(tomorrow);
    expect(asDigest?.letters.map(({ key, by }) => [key, by?.name])).toEqual([
      ['a', 'Ada'],
      ['b', undefined],
    ]);
    await one.add([letter('a')]);
    await one.add([wished]);
    if (asDigest) await asDigest.done([...asDigest.letters].slice(0, 1), 'withheld');
    if (asDigest) await asDigest.done([...asDigest.letters].slice(1), 'shown');
    await asDigest?.release();

    const box = await one.take(now);
    expect(box?.letters).toMatchObject([{ key: 'a', audience: 'thread', digest: null, by: null }]);
    if (box) await box.done(box.letters, 'shown');
    await box?.release();
    await one.add([letter('a')]);
    expect(await one.take(tomorrow)).toBeNull();
  });

  it('of one conversation are in the hands of one process, and free again at once when it dies', async () => {
    await one.add([letter('a')]);
    const second = createPool(url, silentLog());
    const held = await new PostgresLetterStore(second).take(now);
    if (held) await held.begin(held.letters);
    expect(await one.take(now)).toBeNull();

    // Waits until the backend has really ended: its lock goes with it, a moment after it was told to.
    const mine = `select pg_terminate_backend(pid, 10000) as ended from pg_stat_activity
      where state = 'idle in transaction' and datname = current_database()`;
    expect((await pool.query(mine)).rows).toEqual([{ ended: true }]);

    const box = await one.take(now);
    expect(box?.letters.map(({ key, tried }) => [key, tried])).toEqual([['a', 1]]);
    await box?.release();
    await held?.release().catch(() => undefined);
    await second.end();
  });

  it('can be added while their conversation is being served', async () => {
    await one.add([letter('a')]);
    const held = await one.take(now);
    await new PostgresLetterStore(pool, 1000).add([letter('b')]);
    expect(await one.take(now)).toBeNull();
    if (held) await held.done(held.letters, 'shown');
    await held?.release();
    const box = await one.take(now);
    expect(box?.letters.map(({ key }) => key)).toEqual(['b']);
    await box?.release();
  });

  it('tell how often a no without a reason was the answer, which is no attempt', async () => {
    await one.add([letter('a')]);
    for (const refusals of [0, 1]) {
      const box = await one.take(now);
      expect(box?.letters).toMatchObject([{ tried: 0, refusals }]);
      if (box) await box.begin(box.letters);
      if (box) await box.refused(box.letters);
      await box?.release();
    }
  });

  it('rest for as long as Teams asked, and a little longer after each failure when it did not say', async () => {
    await one.add([letter('a')]);
    const pauses: number[] = [];
    for (const asked of [120, null, null, null]) {
      await pool.query(`update switchyard.letter_boxes set retry_at = '-infinity'`);
      await (await one.take(now))?.fail(asked);
      expect(await one.take(now)).toBeNull();
      const { rows } = await pool.query<{ pause: number }>(
        'select extract(epoch from retry_at - served_at)::float8 as pause from switchyard.letter_boxes',
      );
      pauses.push(Math.round((rows[0]?.pause ?? 0) * 10) / 10);
    }
    expect(pauses).toEqual([120, 1, 2, 4]);
  });
});
