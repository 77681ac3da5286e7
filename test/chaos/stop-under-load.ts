import { setTimeout as pause } from 'node:timers/promises';
import { ChaosWorld } from './chaos-world.ts';
import { check } from './invariants.ts';
import { type Row, Tally } from './row.ts';
import { cardOf, requestOf } from './stored.ts';
import { live, type Story } from './story.ts';
import { until } from './until.ts';

interface Click {
  readonly status: number | null;
  readonly outcome: string;
  readonly error?: string;
}

interface Button {
  readonly messageId: string;
  readonly data: Readonly<Record<string, string>>;
}

const clicksPerSecond = 50;
const clickers = ['ada', 'ben', 'rita', 'eve'] as const;

/**
 * The bot gets SIGTERM while people click fifty times a second and runs are open. Every click that it took is answered,
 * it ends in an orderly way, and what was open goes on after the restart.
 */
export async function stopUnderLoad(rounds: number): Promise<Row> {
  const tally = new Tally(`SIGTERM under ${clicksPerSecond} clicks/s (embedded)`);
  await using world = await ChaosWorld.start({ database: 'embedded' });
  await world.newTenant('clicked');
  const done = await live(world, { kind: 'set-up-gateway', tenant: 'clicked', approver: 'ada' });
  const button = await lateButton(world, done);
  for (let round = 0; round < rounds; round += 1) await stopOnce(world, button, `load${round}`, tally);
  return tally.row();
}

/** A button that people still have on their screens although the request is done: each click of it is looked up and refused. */
async function lateButton(world: ChaosWorld, { requestId }: Story): Promise<Button> {
  const request = await requestOf(world, requestId);
  const messageId = (await cardOf(world, requestId)) ?? '';
  const { nonce = '', plan } = request ?? {};
  return { messageId, data: { requestId, nonce, digest: plan?.digest.slice(0, 16) ?? '' } };
}

async function stopOnce(world: ChaosWorld, button: Button, tenant: string, tally: Tally): Promise<void> {
  await world.newTenant(tenant);
  const load = new AbortController();
  const clicking = clickUntil(world, button, load.signal);
  const living = live(world, { kind: 'set-up-gateway', tenant, approver: 'ben' });
  living.catch(() => undefined);
  await until('the run to have begun', async () => {
    const rows = await world.rows<{ id: string }>(
      `select id from switchyard.requests where body #>> '{tenant,name}' = $1 and state in ('running', 'done')`,
      [tenant],
    );
    return rows.length > 0;
  });
  const before = world.bot.deaths.length;
  world.bot.signal('SIGTERM');
  tally.ran();
  try {
    await until('the bot to end', async () => world.bot.deaths.length > before, 30_000);
    await world.bot.ready();
    const story: Story = await living;
    const { violations, repeated } = await check(world, story);
    tally.found(violations);
    tally.repeated += repeated;
  } catch (error) {
    tally.found([`${String(error)}\n${world.bot.output.slice(-1500)}`]);
  } finally {
    load.abort();
    tally.found((await clicking).map((broken) => `I3: a click was taken and not answered: ${broken}`));
  }
}

/** Clicks at a steady rate. Gives what was said of clicks that the bot took and did not answer. */
async function clickUntil(world: ChaosWorld, button: Button, ended: AbortSignal): Promise<string[]> {
  const broken: string[] = [];
  const open = new Set<Promise<void>>();
  for (let count = 0; !ended.aborted; count += 1) {
    const as = clickers[count % clickers.length];
    const click = world
      .control<Click>('actions', { as, verb: 'approve', ...button })
      .then(({ status, outcome, error = '' }) => {
        // A closed door is no broken promise: Teams delivers again.
        if (status === null && !error.startsWith('Nothing listens')) broken.push(`${outcome} ${error}`);
      })
      .catch((error: unknown) => void broken.push(String(error)));
    open.add(click);
    void click.finally(() => open.delete(click));
    await pause(1000 / clicksPerSecond);
  }
  await Promise.all(open);
  return broken;
}
