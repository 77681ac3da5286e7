import { type Lived, liveAny, targetOf } from './any-story.ts';
import { ChaosWorld, type DatabaseKind } from './chaos-world.ts';
import { discoverFailpoints, type Failpoint } from './failpoint-list.ts';
import { type KindName, kindNames, storyKinds, type TenantKind, tenantKinds } from './kinds/index.ts';
import type { Order } from './orders.ts';
import { randomFrom } from './random.ts';
import { type Row, Tally } from './row.ts';
import { StuckError } from './until.ts';

/** A world gets slower with every tenant, because each start of the bot reads them all. */
const tenantsPerWorld = 12;

/** Where the stories of one round are hit: for each kind the orders, which may be none. */
type Fate = Readonly<Record<KindName, readonly Omit<Order, 'tenant' | 'workflow'>[]>>;

export interface KillOptions {
  readonly database: DatabaseKind;
  /** Worlds that work side by side. */
  readonly lanes: number;
  /** What people want while it happens. Default: everything. */
  readonly kinds?: readonly KindName[];
  /** Only so many points of each kind, spread over all of them. */
  readonly pointsPerKind?: number;
}

/** The bot is killed at every failpoint of every kind of story, once each. */
export async function killEverywhere(options: KillOptions): Promise<Row> {
  const tally = new Tally(`kill -9 at each failpoint (${options.database})`);
  const points = await discover();
  const { kinds = kindNames, pointsPerKind } = options;
  const fates = fatesOf(kinds.map((kind) => spread(points, kind, pointsPerKind)));
  await suffer(fates, options, tally);
  return tally.row();
}

/** The bot is killed at a random failpoint and again soon after it has come back. */
export async function killInPairs(options: KillOptions & { readonly seeds: number }): Promise<Row> {
  const tally = new Tally(`kill -9 twice, ${options.seeds} seeds (${options.database})`);
  const points = await discover();
  const fates = Array.from({ length: Math.ceil(options.seeds / kindNames.length) }, (_, index) => {
    const random = randomFrom(index + 1);
    const orders = (kind: KindName): Fate[KindName] => {
      const mine = points.filter((one) => one.kind === kind);
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

function spread(points: readonly Failpoint[], kind: KindName, most = Number.POSITIVE_INFINITY): Failpoint[] {
  const mine = points.filter((one) => one.kind === kind);
  const count = Math.min(most, mine.length);
  return Array.from({ length: count }, (_, index) => mine[Math.floor(((index + 0.5) * mine.length) / count)]).filter(
    (one) => one !== undefined,
  );
}

/** The n-th round suffers the n-th point of each kind, in no order, so that an interruption leaves no end untried. */
function fatesOf(inOrder: readonly (readonly Failpoint[])[]): Fate[] {
  const random = randomFrom(1);
  const columns = inOrder.map((column) =>
    column
      .map((one) => ({ one, place: random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ one }) => one),
  );
  const longest = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => {
    const row = columns.map((column) => column[index]);
    return fateOf((kind) => row.flatMap((one) => (one?.kind === kind ? [orderAt(one)] : [])));
  });
}

function fateOf(orders: (kind: KindName) => Fate[KindName]): Fate {
  return Object.fromEntries(kindNames.map((kind) => [kind, orders(kind)])) as Fate;
}

function orderAt({ point, nth }: Failpoint): Fate[KindName][number] {
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

/** Those that are hit, and those without which the tenant would not get to them. */
function kindsOf(fate: Fate): KindName[] {
  const wanted = kindNames.filter((kind) => fate[kind].length > 0).flatMap((kind) => [kind, needsOf(kind)]);
  const lastHit = tenantKinds.findLastIndex((kind) => wanted.includes(kind));
  const needed: readonly KindName[] = tenantKinds.slice(0, lastHit + 1);
  return kindNames.filter((kind) => fate[kind].length > 0 || needed.includes(kind));
}

function needsOf(kind: KindName): TenantKind | undefined {
  return kind === 'connect' ? undefined : storyKinds[kind].needs;
}

async function sufferIn(world: ChaosWorld, tenant: string, fate: Fate, tally: Tally): Promise<void> {
  await world.newTenant(tenant);
  for (const kind of kindsOf(fate)) {
    const target = await targetOf(world, kind, tenant);
    const orders = fate[kind].map((one) => ({ ...one, ...target }));
    const where = orders.map(({ point, nth }) => `${point ?? 'any point'} #${nth}`).join(', then ');
    const killsBefore = world.bot.deaths.length;
    world.orders.give(orders);
    try {
      const lived = await liveAny(world, { kind, tenant, approver: tally.runs % 2 === 0 ? 'ada' : 'ben' });
      const { violations, repeated } = await lived.check();
      tally.found(violations.map((one) => `${kind}, ${where}: ${one}`));
      tally.repeated += repeated;
      noteResume(world, lived, killsBefore, tally);
    } catch (error) {
      tally.found([`${kind}, ${where}: ${String(error)}${error instanceof StuckError ? lastWords(world) : ''}`]);
      // The next kind needs what this one should have left behind.
      return;
    } finally {
      world.orders.give([]);
      tally.ran(world.bot.deaths.length - killsBefore);
    }
  }
}

function lastWords(world: ChaosWorld): string {
  return `\n${world.bot.output.slice(-2000)}`;
}

/** From each death to the next sign of life of the request. */
function noteResume(world: ChaosWorld, { id }: Lived, killsBefore: number, tally: Tally): void {
  const passes = world.orders.passes(id);
  for (const death of world.bot.deaths.slice(killsBefore)) {
    const back = passes.find(({ at }) => at > death);
    if (back) tally.resumed(back.at - death);
  }
}
