import { setTimeout as pause } from 'node:timers/promises';
import { ChaosWorld } from './chaos-world.ts';
import { check } from './invariants.ts';
import { type Row, Tally } from './row.ts';
import { live, type Story, until, type WorkflowName, workflowNames } from './story.ts';

/** Around the write of each workflow: what a process does there when it wakes up late would be seen in the tenant. */
const points: Record<WorkflowName, readonly string[]> = {
  'set-up-gateway': [
    'before New-InboundConnector',
    'after New-InboundConnector',
    'after step 0 New-InboundConnector: intent',
    'before saving step-done 0',
  ],
  'lock-down': [
    'before Set-InboundConnector',
    'after Set-InboundConnector',
    'in step 0 Set-InboundConnector: apply, done and not stored',
    'before saving completed',
  ],
  unlock: [
    'before Set-InboundConnector',
    'after Set-InboundConnector',
    'before step 0 Set-InboundConnector: apply',
    'before saving proof 1',
  ],
};

/** How long a process that goes on late is given to do harm. */
const lateMs = 4000;

/** Two processes on one database; the one that works is stopped, the other finishes, and then the first goes on. */
export async function freezeOneOfTwo(rounds: number): Promise<Row> {
  const tally = new Tally('one of two processes frozen and continued late (external)');
  await using world = await ChaosWorld.start({ database: 'external', processes: 2 });
  for (let round = 0; round < rounds; round += 1) {
    const tenant = `frozen${round}`;
    await world.newTenant(tenant);
    for (const workflow of workflowNames) {
      const point = points[workflow][round % points[workflow].length] ?? '';
      try {
        await freezeAt(world, { workflow, tenant, point }, tally);
      } catch (error) {
        tally.found([`${workflow}, frozen ${point}: ${String(error)}`]);
        for (const bot of world.bots) bot.signal('SIGCONT');
        break;
      }
    }
  }
  return tally.row();
}

async function freezeAt(
  world: ChaosWorld,
  { workflow, tenant, point }: { workflow: WorkflowName; tenant: string; point: string },
  tally: Tally,
): Promise<void> {
  world.orders.give([{ tenant, workflow, point, nth: 1, signal: 'SIGSTOP' }]);
  const living = live(world, { workflow, tenant, approver: 'ada' });
  const outcome: { story: Story | null } = { story: null };
  const settled = living.then((story) => {
    outcome.story = story;
  });
  await Promise.race([settled, until('a process to be frozen', async () => world.bots.some((bot) => bot.isFrozen()))]);
  const frozen = world.bots.find((bot) => bot.isFrozen());
  if (frozen) tally.runs += 1;
  await settled;
  frozen?.signal('SIGCONT');
  await pause(lateMs);
  const { story } = outcome;
  if (!story) return;
  const { violations, repeated } = await check(world, story);
  tally.found(violations.map((one) => `${workflow}, frozen ${point}: ${one}`));
  tally.repeated += repeated;
}
