import { describe, expect, it } from 'vitest';
import { READS } from './cmdlet-samples.ts';
import type { Answer } from './running-rehearsal.ts';
import { INSTEAD, sampledCloud, whereOf } from './sampled-cloud.ts';

const { cloud, call, prepare, state } = sampledCloud();

/** Faults of what writes store or show, which a read lets pass by. */
const OF_WRITES = ['partial-write', 'normalised-value', 'slow-propagation'];

const RETIRED = 'Get-MessageTrace';

/** Status and objects, without the moment at which aliases were looked at. */
function seen({ status, body }: Answer): readonly [number, unknown] {
  const objects: readonly Readonly<Record<string, unknown>>[] | undefined = body.value;
  return [status, objects?.map((object) => ({ ...object, LastChecked: null }))];
}

describe('rehearsal/exchange: faults on every read', () => {
  it.each(READS.map((read) => [read.cmdlet, read] as const))(
    'keeps %s from being answered, and changes nothing',
    async (cmdlet, read) => {
      await prepare(read);
      const where = whereOf(cmdlet);
      const untouched = state();
      for (const [kind, status] of [...INSTEAD, ['server-error-after', 504] as const]) {
        await cloud.arm({ where, kind, match: { cmdlet }, ...(status === 504 ? { status } : {}) });
        expect([kind, (await call(read)).status]).toEqual([kind, status]);
      }
      await cloud.arm({ where, kind: 'hang-after' });
      void call(read).catch(() => null);
      await expect
        .poll(() => cloud.rehearsal.world.journal.list({ cmdlet }).at(-1)?.outcome, { interval: 5 })
        .toBe('hang-after');
      expect([state() === untouched, cloud.rehearsal.world.faults.list()]).toEqual([true, []]);
    },
  );

  it.each(READS.map((read) => [read.cmdlet, read] as const))(
    'lets %s answer as ever where only writes are spoiled',
    async (cmdlet, read) => {
      await prepare(read);
      const usual = seen(await call(read));
      expect(usual[0]).toBe(cmdlet === RETIRED ? 400 : 200);
      for (const kind of OF_WRITES) {
        await cloud.arm({ where: whereOf(cmdlet), kind, match: { cmdlet } });
        expect([kind, ...seen(await call(read))]).toEqual([kind, ...usual]);
      }
    },
  );
});
