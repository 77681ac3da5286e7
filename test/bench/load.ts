import type { BenchWorld, BotUnderTest } from './bench-world.ts';
import type { Figures } from './figures.ts';
import { median } from './percentile.ts';
import { processorMs, residentMb } from './proc.ts';
import { requestsPerSecond } from './saturation.ts';
import { Series } from './series.ts';
import { atSteadyRate } from './steady-rate.ts';
import { type Button, Traffic } from './traffic.ts';

const PER_SECOND = 50;
const APPROVALS_PER_SECOND = 10;
const FORMS_PER_SECOND = 5;
/** Long enough for every chat to have been heard of once. */
const WARM_UP_SECONDS = 1;
const LINUX = process.platform === 'linux';

interface Size {
  readonly rounds: number;
  readonly seconds: number;
  readonly saturationRounds: number;
  readonly saturationSeconds: number;
  readonly approvals: number;
}

const full: Size = { rounds: 5, seconds: 4, saturationRounds: 3, saturationSeconds: 3, approvals: 20 };
const short: Size = { rounds: 2, seconds: 1.2, saturationRounds: 1, saturationSeconds: 1, approvals: 6 };

/** How long people wait for an answer, beside how long they would wait for that of a stock bot. */
export async function measureLoad(figures: Figures, world: BenchWorld, isShort: boolean): Promise<void> {
  const size = isShort ? short : full;
  const traffic = new Traffic(world);
  // The request that is clicked all the time must not expire meanwhile.
  await world.rehearsal.control('clock', { speed: 1 });
  const button = await traffic.openRequest();
  await figures.part('clicks and commands at a steady rate', () => atRate(figures, world, traffic, button, size));
  await figures.part('clicks at saturation', () => atSaturation(figures, world, traffic, button, size));
  await figures.part('approvals', () => approvals(figures, traffic, size));
  if (LINUX) figures.set('rss_bot_after_load_mb', residentMb(world.ours.pid));
}

/** What is measured of one bot. */
interface Measured {
  readonly click: Series;
  readonly command: Series;
  readonly reply: Series;
  readonly clickCpu: Series;
  readonly commandCpu: Series;
}

async function atRate(
  figures: Figures,
  { ours, stock }: BenchWorld,
  traffic: Traffic,
  button: Button,
  size: Size,
): Promise<void> {
  const measured = new Map([ours, stock].map((bot) => [bot, newMeasured()] as const));
  for (const bot of [ours, stock]) {
    await clickRound(newMeasured(), traffic, bot, button, WARM_UP_SECONDS);
    await commandRound(newMeasured(), traffic, bot, WARM_UP_SECONDS);
  }
  for (let round = 0; round < size.rounds; round += 1) {
    // Whoever comes first in one round comes last in the next.
    const order = [...measured].toSorted(() => (round % 2 === 0 ? 1 : -1));
    for (const [bot, into] of order) await clickRound(into, traffic, bot, button, size.seconds);
    for (const [bot, into] of order) await commandRound(into, traffic, bot, size.seconds);
  }
  const [own = newMeasured(), other = newMeasured()] = measured.values();
  for (const name of ['click', 'command', 'reply'] as const) {
    figures.set(`${name}_p50_ms`, own[name].p50);
    figures.set(`${name}_p99_ms`, own[name].p99);
    figures.set(`stock_${name}_p50_ms`, other[name].p50);
    figures.set(`stock_${name}_p99_ms`, other[name].p99);
    figures.set(`${name}_ratio`, own[name].p50 / other[name].p50);
  }
  if (LINUX) {
    figures.set('click_cpu_ms', own.clickCpu.p50);
    figures.set('stock_click_cpu_ms', other.clickCpu.p50);
    figures.set('command_cpu_ms', own.commandCpu.p50);
    figures.set('stock_command_cpu_ms', other.commandCpu.p50);
  }
  figures.note(
    `click, command, reply: signed activities at ${PER_SECOND}/s, ${size.rounds} rounds of ${size.seconds} s, ours and the stock bot's in turn, after a warm-up. p50 = median of the rounds' medians, p99 over all rounds together. click: Approve by somebody who may not, answered and recorded with the database. command: help, until the POST is answered; reply: until the card is at the connector. The connector is a small server of the bench's own that answers at once, for both bots. The stock bot keeps nothing and answers one sentence from memory.`,
  );
  figures.note('cpu: processor time of the bot process per request; without that of the database.');
}

function newMeasured(): Measured {
  return {
    click: new Series(),
    command: new Series(),
    reply: new Series(),
    clickCpu: new Series(),
    commandCpu: new Series(),
  };
}

async function clickRound(
  into: Measured,
  traffic: Traffic,
  bot: BotUnderTest,
  button: Button,
  seconds: number,
): Promise<void> {
  const before = processorTime(bot);
  const times = await atSteadyRate({ perSecond: PER_SECOND, seconds }, () => traffic.clickMs(bot.url, button));
  into.click.add(times);
  into.clickCpu.add([(processorTime(bot) - before) / times.length]);
}

async function commandRound(into: Measured, traffic: Traffic, bot: BotUnderTest, seconds: number): Promise<void> {
  const before = processorTime(bot);
  const times = await atSteadyRate({ perSecond: PER_SECOND, seconds }, (index) => traffic.command(bot.url, index));
  into.command.add(times.map(({ answeredMs }) => answeredMs));
  into.reply.add(times.map(({ repliedMs }) => repliedMs));
  into.commandCpu.add([(processorTime(bot) - before) / times.length]);
}

function processorTime({ pid }: BotUnderTest): number {
  return LINUX ? processorMs(pid) : 0;
}

async function atSaturation(
  figures: Figures,
  { ours, stock, channel }: BenchWorld,
  traffic: Traffic,
  button: Button,
  size: Size,
): Promise<void> {
  const rates = new Map([ours, stock].map((bot) => [bot, new Series()] as const));
  for (let round = 0; round < size.saturationRounds; round += 1) {
    for (const [{ url }, series] of rates) {
      const activity = traffic.refusedClick(button);
      series.add([await requestsPerSecond(url, channel.headers, activity, size.saturationSeconds)]);
    }
  }
  const [own = new Series(), other = new Series()] = rates.values();
  figures.set('click_rps', own.p50);
  figures.set('stock_click_rps', other.p50);
  figures.set('click_rps_ratio', own.p50 / other.p50);
  figures.note('click_rps: the same click from 8 connections without a pause, the load generator on the same machine.');
}

/** Approvals that count, each of another request, so that each writes. */
async function approvals(figures: Figures, traffic: Traffic, size: Size): Promise<void> {
  const forms = { perSecond: FORMS_PER_SECOND, seconds: size.approvals / FORMS_PER_SECOND };
  const waiting = (await atSteadyRate(forms, () => traffic.openRequest())).values();
  const load = { perSecond: APPROVALS_PER_SECOND, seconds: size.approvals / APPROVALS_PER_SECOND };
  const times = await atSteadyRate(load, async () => {
    const { value } = waiting.next();
    if (!value) throw new Error('There are fewer requests than approvals.');
    return traffic.approvalMs(value);
  });
  figures.set('approve_click_p50_ms', median(times));
  figures.set('approve_click_max_ms', Math.max(...times));
  figures.note(
    `approve_click: ${size.approvals} approvals of as many requests at ${APPROVALS_PER_SECOND}/s, while the runs they start are under way.`,
  );
}
