import type { ChaosWorld } from './chaos-world.ts';
import { type KindName, kindNames } from './kinds/index.ts';
import { live } from './story.ts';

/** A point of one kind of story, by its name and by how often it was passed before. */
export interface Failpoint {
  readonly kind: KindName;
  readonly point: string;
  readonly nth: number;
}

/** Edits of the living card are all alike and run beside everything else, so a few of them are enough. */
const enoughCardEdits = 3;

/** Every point that a run of each kind passes, found by one run of each that nothing happens to. */
export async function discoverFailpoints(world: ChaosWorld): Promise<readonly Failpoint[]> {
  const tenant = 'discovery';
  await world.newTenant(tenant);
  const points: Failpoint[] = [];
  for (const kind of kindNames) {
    const { requestId } = await live(world, { kind, tenant, approver: 'ada' });
    const counts = new Map<string, number>();
    for (const { point } of world.orders.passes(requestId)) {
      const nth = (counts.get(point) ?? 0) + 1;
      counts.set(point, nth);
      if (nth <= enoughCardEdits || !point.endsWith('card')) points.push({ kind, point, nth });
    }
  }
  return points;
}
