import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosBot } from './chaos-bot.ts';
import { ChaosWorld } from './chaos-world.ts';
import { check } from './invariants.ts';
import { type TenantKind, tenantKinds } from './kinds/index.ts';
import { type Row, Tally } from './row.ts';
import { live, type Story, type Wish } from './story.ts';

/** Around the write of each workflow: what a process does there when it wakes up late would be seen in the tenant. */
const points: Record<TenantKind, readonly string[]> = {
  'set-up-gateway': [
    'before New-InboundConnector',
    'after New-InboundConnector',
    'after saving step-running 0',
    'before saving step-done 0',
  ],
  'lock-down': [
    'before Set-InboundConnector',
    'after Set-InboundConnector',
    'in step 0 Set-InboundConnector, done and not stored',
    'before saving completed',
  ],
  unlock: [
    'before Set-InboundConnector',
    'after Set-InboundConnector',
    'after saving step-running 0',
    'before saving proof 1',
  ],
};

/** How long a process that goes on late is given to do harm: longer than it waits for a write to read back. */
const lateMs = 12_000;

/** Two processes on one database. The one that works is stopped, the other finishes its work, then the first goes on. */
export async function freezeOneOfTwo(rounds: number): Promise<Row> {
  const tally = new Tally('one of two processes frozen and continued late (external)');
  await using world = await ChaosWorld.start({ database: 'external', processes: 2 });
  for (let round = 0; round < rounds; round += 1) {
    const tenant = `frozen${round}`;
    await world.newTenant(tenant);
    try {
      await freezeThrough(world, tenant, round, tally);
    } catch (error) {
      tally.found([`round ${round}: ${String(error)}`]);
    } finally {
      for (const bot of world.bots) bot.signal('SIGCONT');
    }
  }
  return tally.row();
}

async function freezeThrough(world: ChaosWorld, tenant: string, round: number, tally: Tally): Promise<void> {
  for (const kind of tenantKinds) {
    const point = points[kind][round % points[kind].length] ?? '';
    const { story, frozen } = await freezeAt(world, { kind, tenant, approver: 'ada' }, point);
    if (frozen) tally.ran();
    await goOnLate(world, frozen, story, `${kind}, frozen ${point}`, tally);
  }
}

/**
 * A process is frozen before it switches a lock on. Another one does it, people unlock again, and only then the first
 * goes on: if it still wrote, the tenant would refuse mail although everybody was told that it is open.
 */
export async function freezeBeforeLock(rounds: number): Promise<Row> {
  const tally = new Tally('process frozen before a lock and continued after the unlock (external)');
  await using world = await ChaosWorld.start({ database: 'external', processes: 2 });
  const tenant = 'latelock';
  await world.newTenant(tenant);
  await live(world, { kind: 'set-up-gateway', tenant, approver: 'ada' });
  for (let tries = 0; tally.runs < rounds && tries < rounds * 8; tries += 1) {
    const lock = { kind: 'lock-down', tenant, approver: 'ada' } as const;
    const { frozen } = await freezeAt(world, lock, 'before Set-InboundConnector');
    // Only the process that Teams talks to can take the click for the unlock, so the other one has to be frozen.
    const isUseful = frozen !== undefined && frozen !== world.bot;
    if (!isUseful) frozen?.signal('SIGCONT');
    const unlock = await live(world, { kind: 'unlock', tenant, approver: 'ben' });
    if (!isUseful) continue;
    tally.ran();
    await goOnLate(world, frozen, unlock, 'lock-down, frozen before its write, unlocked meanwhile', tally);
  }
  return tally.row();
}

async function goOnLate(
  world: ChaosWorld,
  frozen: ChaosBot | undefined,
  last: Story,
  what: string,
  tally: Tally,
): Promise<void> {
  frozen?.signal('SIGCONT');
  await pause(lateMs);
  const { violations, repeated } = await check(world, last);
  tally.found(violations.map((one) => `${what}: ${one}`));
  tally.repeated += repeated;
}

/** Lives a wish whose process is frozen at the point, unless it never comes by there. */
async function freezeAt(
  world: ChaosWorld,
  wish: Wish & { readonly kind: TenantKind },
  point: string,
): Promise<{ story: Story; frozen: ChaosBot | undefined }> {
  const { tenant, kind } = wish;
  world.orders.give([{ tenant, workflow: kind, point, nth: 1, signal: 'SIGSTOP' }]);
  const story = await live(world, wish);
  world.orders.give([]);
  return { story, frozen: world.bots.find((bot) => bot.isFrozen()) };
}
