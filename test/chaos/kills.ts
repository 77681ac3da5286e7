import { ChaosWorld, type DatabaseKind } from './chaos-world.ts';
import { discoverFailpoints, type Failpoint } from './failpoint-list.ts';
import { check } from './invariants.ts';
import type { Order } from './orders.ts';
import { randomFrom } from './random.ts';
import { type Row, Tally } from './row.ts';
import { live, type Story, StuckError, type WorkflowName, workflowNames } from './story.ts';

/** A world gets slower with every tenant, because each start of the bot reads them all. */
const tenantsPerWorld = 12;

/** Where the runs of one tenant are hit: for each workflow the orders, which may be none. */
type Fate = Readonly<Record<WorkflowName, readonly Omit<Order, 'tenant' | 'workflow'>[]>>;

export interface KillOptions {
  readonly database: DatabaseKind;
  /** Worlds that work side by side. */
  readonly lanes: number;
  /** Only so many points of each workflow, spread over all of them. */
  readonly pointsPerWorkflow?: number;
}

/** The bot is killed at every failpoint of every workflow, once each. */
export async function killEverywhere(options: KillOptions): Promise<Row> {
  const tally = new Tally(`kill -9 at each failpoint (${options.database})`);
  const points = await discover();
  const fates = fatesOf(workflowNames.map((workflow) => spread(points, workflow, options.pointsPerWorkflow)));
  await suffer(fates, options, tally);
  return tally.row();
}

/** The bot is killed at a random failpoint and again soon after it has come back. */
export async function killInPairs(options: KillOptions & { readonly seeds: number }): Promise<Row> {
  const tally = new Tally(`kill -9 twice, ${options.seeds} seeds (${options.database})`);
  const points = await discover();
  const fates = Array.from({ length: Math.ceil(options.seeds / workflowNames.length) }, (_, index) => {
    const random = randomFrom(index + 1);
    const orders = (workflow: WorkflowName): Fate[WorkflowName] => {
      const mine = points.filter((one) => one.workflow === workflow);
      const first = mine[Math.floor(random() * mine.length)];
      const nth = 1 + Math.floor(random() * 25);
      return first ? [orderAt(first), { point: null, nth, signal: 'SIGKILL' }] : [];
    };
    return fateOf(orders);
  });
  await suffer(fates, options, tally);
  return tally.row();
}

/** The points are the same on every database, so one discovery serves all faults of this process. */
let discovered: Promise<readonly Failpoint[]> | null = null;

function discover(): Promise<readonly Failpoint[]> {
  discovered ??= inNewWorld();
  return discovered;
}

async function inNewWorld(): Promise<readonly Failpoint[]> {
  await using world = await ChaosWorld.start({ database: 'embedded' });
  return await discoverFailpoints(world);
}

function spread(points: readonly Failpoint[], workflow: WorkflowName, most = Number.POSITIVE_INFINITY): Failpoint[] {
  const mine = points.filter((one) => one.workflow === workflow);
  const count = Math.min(most, mine.length);
  return Array.from({ length: count }, (_, index) => mine[Math.floor(((index + 0.5) * mine.length) / count)]).filter(
    (one) => one !== undefined,
  );
}

/** The n-th tenant suffers the n-th point of each workflow. */
function fatesOf(columns: readonly (readonly Failpoint[])[]): Fate[] {
  const longest = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => {
    const row = columns.map((column) => column[index]);
    return fateOf((workflow) =>
      row.filter((one) => one?.workflow === workflow).flatMap((one) => (one ? [orderAt(one)] : [])),
    );
  });
}

function fateOf(orders: (workflow: WorkflowName) => Fate[WorkflowName]): Fate {
  return { 'set-up-gateway': orders('set-up-gateway'), 'lock-down': orders('lock-down'), unlock: orders('unlock') };
}

function orderAt({ point, nth }: Failpoint): Fate[WorkflowName][number] {
  return { point, nth, signal: 'SIGKILL' };
}

async function suffer(fates: readonly Fate[], { database, lanes }: KillOptions, tally: Tally): Promise<void> {
  const waiting = fates.map((fate, index) => ({ fate, tenant: `tenant${index}` }));
  const lane = async (): Promise<void> => {
    while (waiting.length > 0) {
      await using world = await ChaosWorld.start({ database });
      for (const { fate, tenant } of waiting.splice(0, tenantsPerWorld)) await sufferIn(world, tenant, fate, tally);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function sufferIn(world: ChaosWorld, tenant: string, fate: Fate, tally: Tally): Promise<void> {
  await world.newTenant(tenant);
  for (const workflow of workflowNames) {
    const orders = fate[workflow].map((one) => ({ ...one, tenant, workflow }));
    const where = orders.map(({ point, nth }) => `${point ?? 'any point'} #${nth}`).join(', then ');
    const killsBefore = world.bot.deaths.length;
    world.orders.give(orders);
    try {
      const story = await live(world, { workflow, tenant, approver: tally.runs % 2 === 0 ? 'ada' : 'ben' });
      const { violations, repeated } = await check(world, story);
      tally.found(violations.map((one) => `${workflow}, ${where}: ${one}`));
      tally.repeated += repeated;
      noteResume(world, story, killsBefore, tally);
    } catch (error) {
      tally.found([`${workflow}, ${where}: ${String(error)}${error instanceof StuckError ? lastWords(world) : ''}`]);
      // The next workflow needs what this one should have left behind.
      return;
    } finally {
      world.orders.give([]);
      tally.runs += world.bot.deaths.length - killsBefore;
    }
  }
}

function lastWords(world: ChaosWorld): string {
  return `\n${world.bot.output.slice(-2000)}`;
}

/** From each death to the next sign of life of the request. */
function noteResume(world: ChaosWorld, { requestId }: Story, killsBefore: number, tally: Tally): void {
  const passes = world.orders.passes(requestId);
  for (const death of world.bot.deaths.slice(killsBefore)) {
    const back = passes.find(({ at }) => at > death);
    if (back) tally.resumed(back.at - death);
  }
}
