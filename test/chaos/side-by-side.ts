import type { ChaosWorld } from './chaos-world.ts';
import { check } from './invariants.ts';
import { tenantKinds } from './kinds/index.ts';
import type { Tally } from './row.ts';
import { live, type Story, untilSettled } from './story.ts';

/** How long after the end of a fault everything must be done; a busy machine gets more than the product promises. */
const afterwardsMs = 60_000;

/**
 * Takes tenants through all workflows, several at a time, until the signal aborts; then lets what was begun end and
 * checks every story.
 */
export async function workSideBySide(
  world: ChaosWorld,
  tenantsAtATime: number,
  until: AbortSignal,
  tally: Tally,
): Promise<void> {
  const stories: Story[] = [];
  let tenants = 0;
  const worker = async (): Promise<void> => {
    while (!until.aborted) {
      const tenant = `side${tenants++}`;
      await world.newTenant(tenant);
      for (const kind of tenantKinds) {
        if (until.aborted) return;
        stories.push(await live(world, { kind, tenant, approver: tenants % 2 === 0 ? 'ada' : 'ben' }));
      }
    }
  };
  const workers = Array.from({ length: tenantsAtATime }, () =>
    worker().catch((error: unknown) => tally.found([`${String(error)}\n${world.bot.output.slice(-2000)}`])),
  );
  await Promise.all(workers);
  for (const story of latestPerTenant(stories)) {
    await untilSettled(world, story.requestId, afterwardsMs);
    const { violations, repeated } = await check(world, story);
    tally.found(violations);
    tally.repeated += repeated;
  }
}

/** Only the last story of a tenant can be compared with what the tenant holds now. */
function latestPerTenant(stories: readonly Story[]): readonly Story[] {
  return [...new Map(stories.map((story) => [story.wish.tenant, story])).values()];
}
