import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { SetUp } from '../../src/core/set-up.ts';
import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import { type CrashStory, crashStories, passOver } from '../support/crash-stories.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

// Seconds on a free machine; the build often is not alone on its own.
vi.setConfig({ testTimeout: 120_000 });

const setUp = 'set up gateway exchangedefender for contoso.com';

const stories: readonly CrashStory[] = [
  {
    name: 'set-up-gateway',
    sentence: setUp,
    before: [],
    edge: 'obeys',
    state: 'done',
    effects: ['New-InboundConnector', 'Set-InboundConnector'],
  },
  {
    name: 'lock-down',
    sentence: 'lock down contoso.com',
    before: [setUp],
    edge: 'obeys',
    state: 'done',
    effects: ['Set-InboundConnector'],
  },
  {
    name: 'unlock',
    sentence: 'unlock contoso.com',
    before: [setUp, 'lock down contoso.com'],
    edge: 'obeys',
    state: 'done',
    effects: ['Set-InboundConnector'],
  },
  {
    name: 'a lock-down that is taken back',
    sentence: 'lock down contoso.com',
    before: [setUp],
    edge: 'always-open',
    state: 'undone',
    effects: ['Set-InboundConnector', 'Set-InboundConnector'],
    arrange: passOver,
  },
  ...crashStories,
];

/** What earlier requests have left behind. */
interface Start {
  readonly connectors: readonly InboundConnector[];
  readonly setUps: readonly SetUp[];
}

async function startOf(story: CrashStory): Promise<Start> {
  const house = new MemorySwitchyard();
  for (const sentence of story.before) {
    await house.carryThrough(sentence);
    house.moveMx();
  }
  return { connectors: await house.connectors(), setUps: await house.store.all() };
}

/** Tells the story; the process is killed at each of the given moments, counted from its last start. */
async function tell(
  story: CrashStory,
  { connectors, setUps }: Start,
  moments: readonly number[],
): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard({ connectors });
  for (const setUp of setUps) house.store.keep(setUp);
  if (setUps.length > 0) house.moveMx();
  house.edge = story.edge;
  story.arrange?.(house);
  await house.say(story.sentence);
  house.mortality.passed.length = 0;
  for (const moment of moments) {
    house.mortality.dieIn(moment);
    await house.mortality.survive(house.work());
    house.revive();
    await attend(story, house);
  }
  do await house.settle();
  while (await attend(story, house));
  return house;
}

/** All moments but those of looks in the middle of a long proof, which are alike, and of what other stories tell. */
function momentsOf(story: CrashStory, passed: readonly string[]): number[] {
  const from = story.attend || story.arrange ? passed.findIndex((label) => label.startsWith('before 0 ')) : 0;
  const looks = passed.flatMap((label, index) => (label.startsWith('before proof 0: attempt') ? [index] : []));
  const [skipFrom, skipTo] = [looks[2] ?? passed.length, looks.at(-1) ?? 0];
  // Of a longer story every second moment: one of each pair before and after something is stored.
  const counts = (moment: number): boolean => moment >= from && (from === 0 || moment % 2 === 0);
  return [...passed.keys()].filter((moment) => counts(moment) && (moment <= skipFrom || moment >= skipTo));
}

/** What people do who look at the card now; true when they did something. */
async function attend(story: CrashStory, house: MemorySwitchyard): Promise<boolean> {
  const request = await house.request();
  if (request.state !== 'awaiting-approval') return (await story.attend?.(house, request)) ?? false;
  await house.click('approve', ada);
  return true;
}

/** Where everything has come to, without times and random values. */
async function endOf(house: MemorySwitchyard): Promise<object> {
  const { state, steps, outcome, decisions, planVersion } = await house.request();
  const connectors = (await house.connectors()).map(({ Guid: _guid, ...connector }) => connector);
  const setUps = await house.store.all();
  return { state, steps, outcome: outcome?.code, decisions: decisions.length, planVersion, connectors, setUps };
}

function insistOnAudit(house: MemorySwitchyard, requestId: string): void {
  const entries = house.store.audit.filter((entry) => entry.requestId === requestId);
  const count = (action: string) => entries.filter((entry) => entry.action === action).length;
  expect(count('requested')).toBe(1);
  expect(count('approve')).toBe(1);
  expect(count('run-started')).toBe(1);
  const done = entries.filter(({ action }) => action === 'step-done' || action === 'step-undone');
  const marks = done.map(({ action, detail: { step } }) => `${action} ${JSON.stringify(step)}`);
  expect(marks.length).toBeGreaterThan(0);
  expect(new Set(marks).size).toBe(marks.length);
  for (const entry of done) {
    const ofStep = entries.filter(({ detail: { step } }) => step === entry.detail['step']);
    const isForwards = entry.action === 'step-done';
    const intents = ofStep.filter(({ action }) => action === (isForwards ? 'step-running' : 'step-undoing'));
    // An undo that did not work may be tried again, which is another write.
    const inVain = isForwards ? 0 : ofStep.filter(({ action }) => action === 'step-not-undone').length;
    expect(intents).toHaveLength(1 + inVain);
    const intent = intents.at(-1);
    expect(intent && entries.indexOf(intent)).toBeLessThan(entries.indexOf(entry));
  }
}

async function insist(story: CrashStory, house: MemorySwitchyard, expected: object): Promise<void> {
  expect(await endOf(house)).toEqual(expected);
  expect(house.effective).toEqual(story.effects);
  insistOnAudit(house, (await house.request()).id);
  const ids = house.notices().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(house.defects).toEqual([]);
}

describe.each(stories)('$name', (story) => {
  it('ends the same wherever the process is killed once', async () => {
    const start = await startOf(story);
    const whole = await tell(story, start, []);
    const expected = await endOf(whole);
    expect(expected).toMatchObject({ state: story.state });
    const moments = momentsOf(story, whole.mortality.passed);
    expect(moments.length).toBeGreaterThan(15);
    for (const moment of moments) {
      const house = await tell(story, start, [moment]);
      await insist(story, house, expected).catch((error: unknown) => {
        throw new Error(`killed at moment ${moment}, “${house.mortality.passed[moment]}”`, { cause: error });
      });
    }
  });

  it('ends the same however often the process is killed', async () => {
    const start = await startOf(story);
    const expected = await endOf(await tell(story, start, []));
    const often = fc.array(fc.nat(30), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(often, async (moments) => insist(story, await tell(story, start, moments), expected)),
      { numRuns: story.attend || story.arrange ? 8 : 15 },
    );
  });
});
