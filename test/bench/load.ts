import type { BenchWorld } from './bench-world.ts';
import type { Figures } from './figures.ts';
import { residentMb } from './memory.ts';
import { median, percentile } from './percentile.ts';
import { requestsPerSecond } from './saturation.ts';
import { atSteadyRate } from './steady-rate.ts';
import { type Button, Traffic } from './traffic.ts';

const PER_SECOND = 50;
const APPROVALS_PER_SECOND = 10;

interface Size {
  readonly rounds: number;
  readonly seconds: number;
  readonly saturationRounds: number;
  readonly saturationSeconds: number;
  readonly approvals: number;
}

const full: Size = { rounds: 5, seconds: 4, saturationRounds: 3, saturationSeconds: 3, approvals: 20 };
const short: Size = { rounds: 2, seconds: 1.5, saturationRounds: 1, saturationSeconds: 1, approvals: 6 };

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
  if (process.platform === 'linux') figures.set('rss_bot_after_load_mb', residentMb(world.bot.pid));
}

async function atRate(
  figures: Figures,
  world: BenchWorld,
  traffic: Traffic,
  button: Button,
  size: Size,
): Promise<void> {
  const { botUrl, stockUrl } = world;
  const clicks = new Rounds();
  const answers = new Rounds();
  const replies = new Rounds();
  const runClicks = (url: string, seconds: number): Promise<number[]> =>
    atSteadyRate({ perSecond: PER_SECOND, seconds }, () => traffic.clickMs(url, button));
  const runCommands = (url: string, seconds: number) =>
    atSteadyRate({ perSecond: PER_SECOND, seconds }, (index) => traffic.command(url, index));
  for (const url of [botUrl, stockUrl]) {
    await runClicks(url, size.seconds / 2);
    await runCommands(url, size.seconds / 2);
  }
  for (let round = 0; round < size.rounds; round += 1) {
    const order = round % 2 === 0 ? [botUrl, stockUrl] : [stockUrl, botUrl];
    for (const url of order) clicks.add(url, await runClicks(url, size.seconds));
    for (const url of order) {
      const times = await runCommands(url, size.seconds);
      answers.add(
        url,
        times.map(({ answeredMs }) => answeredMs),
      );
      replies.add(
        url,
        times.map(({ repliedMs }) => repliedMs),
      );
    }
  }
  for (const [name, rounds] of [
    ['click', clicks],
    ['command', answers],
    ['reply', replies],
  ] as const) {
    figures.set(`${name}_p50_ms`, rounds.p50(botUrl));
    figures.set(`${name}_p99_ms`, rounds.p99(botUrl));
    figures.set(`stock_${name}_p50_ms`, rounds.p50(stockUrl));
    figures.set(`stock_${name}_p99_ms`, rounds.p99(stockUrl));
    figures.set(`${name}_ratio`, rounds.p50(botUrl) / rounds.p50(stockUrl));
  }
  figures.note(
    `click, command, reply: signed activities at ${PER_SECOND}/s, ${size.rounds} rounds of ${size.seconds} s, ours and the stock bot's in turn, after a warm-up. p50 = median of the rounds' medians, p99 over all rounds together. click: Approve by somebody who may not, answered from the database. command: help, until the POST is answered; reply: until the card is at the connector, a small server of the bench's own that answers at once, for both bots. The stock bot answers from memory in one sentence.`,
  );
}

async function atSaturation(
  figures: Figures,
  world: BenchWorld,
  traffic: Traffic,
  button: Button,
  size: Size,
): Promise<void> {
  const { botUrl, stockUrl, channel } = world;
  const rates = new Rounds();
  for (let round = 0; round < size.saturationRounds; round += 1) {
    for (const url of [botUrl, stockUrl]) {
      const activity = traffic.refusedClick(button);
      rates.add(url, [await requestsPerSecond(url, channel.headers, activity, size.saturationSeconds)]);
    }
  }
  figures.set('click_rps', rates.p50(botUrl));
  figures.set('stock_click_rps', rates.p50(stockUrl));
  figures.set('click_rps_ratio', rates.p50(botUrl) / rates.p50(stockUrl));
  figures.note('click_rps: the same click from 8 connections without a pause, the load generator on the same machine.');
}

/** Approvals that count, each of another request, so that each writes. */
async function approvals(figures: Figures, traffic: Traffic, size: Size): Promise<void> {
  const buttons: Button[] = [];
  for (let index = 0; index < size.approvals; index += 1) buttons.push(await traffic.openRequest());
  const load = { perSecond: APPROVALS_PER_SECOND, seconds: size.approvals / APPROVALS_PER_SECOND };
  const times = await atSteadyRate(load, async (index) => {
    const button = buttons[index];
    return button ? traffic.approvalMs(button) : 0;
  });
  figures.set('approve_click_p50_ms', median(times));
  figures.set('approve_click_max_ms', Math.max(...times));
  figures.note(
    `approve_click: ${size.approvals} approvals of as many requests at ${APPROVALS_PER_SECOND}/s, while the runs they start are under way.`,
  );
}

/** Times per bot, one list per round. */
class Rounds {
  readonly #lists = new Map<string, number[][]>();

  add(url: string, values: number[]): void {
    this.#lists.set(url, [...this.#of(url), values]);
  }

  p50(url: string): number {
    return median(this.#of(url).map(median));
  }

  p99(url: string): number {
    return percentile(this.#of(url).flat(), 0.99);
  }

  #of(url: string): number[][] {
    return this.#lists.get(url) ?? [];
  }
}
