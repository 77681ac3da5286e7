import { liveAny } from './any-story.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type KindName, kindNames } from './kinds/index.ts';

/** A point of one kind of story, by its name and by how often it was passed before. */
export interface Failpoint {
  readonly kind: KindName;
  readonly point: string;
  readonly nth: number;
}

/** Edits of the living card that show the same kind of card are alike and run beside everything else: a few are enough. */
const enoughCardEdits = 3;
const isCardEdit = /effect card$|editing the card/u;

/** Every point that a run of each kind passes, found by one run of each that nothing happens to. */
export async function discoverFailpoints(world: ChaosWorld): Promise<readonly Failpoint[]> {
  const tenant = 'discovery';
  await world.newTenant(tenant);
  const points: Failpoint[] = [];
  for (const kind of kindNames) {
    const { id } = await liveAny(world, { kind, tenant, approver: 'ada' });
    const counts = new Map<string, number>();
    for (const { point } of world.orders.passes(id)) {
      const nth = (counts.get(point) ?? 0) + 1;
      counts.set(point, nth);
      if (nth <= enoughCardEdits || !isCardEdit.test(point)) points.push({ kind, point, nth });
    }
  }
  return points;
}
