import { beforeEach, describe, expect, it } from 'vitest';
import { houseFor, sentences } from '../support/memory-story.ts';
import { type MemorySwitchyard, officeMx } from '../support/memory-switchyard.ts';
import { ada, person, rita } from '../support/people.ts';
import { whenOnRecord } from '../support/when-on-record.ts';

const oskar = person('Oskar', '41', 'operator');

let house: MemorySwitchyard;

async function pause(): Promise<void> {
  await house.say(`pause ${(await house.request()).id}`, oskar);
}

/** The process ends once the step is on record as done, and before the engine has stored that. */
function endsOnceDone(): void {
  whenOnRecord(house, 'step-done', 0, () => {
    house.mortality.dieIn(0);
    return house.mortality.moment('the end of the process');
  });
}

/** What connectors were switched to: a write that the process may have sent is taken back also where nobody saw it. */
function switched(): unknown[] {
  return house.world.exchange.invoked.map(({ parameters }) => parameters['Enabled']);
}

/** The run is carried on by another process, which finds that somebody wants it to stand still. */
async function carriedOnPaused(): Promise<void> {
  await house.say(sentences['lock-down']);
  await house.settle();
  await house.click('approve', ada);
  expect(await house.settle()).toBe(1);
  expect(await house.request()).toMatchObject({ state: 'running', pause: { by: { name: 'Oskar' } } });
}

describe('a run that was paused while its process ended in the middle of a write', () => {
  beforeEach(async () => {
    house = await houseFor('lock-down');
  });

  it('takes the write back when it is stopped', async () => {
    const before = await house.connectors();
    endsOnceDone();
    whenOnRecord(house, 'step-running', 0, pause);
    await carriedOnPaused();
    expect(await house.connectors()).toMatchObject([{ Enabled: true }]);
    expect(await house.order('cancel', rita)).toMatchObject({ state: 'undone', steps: [{ status: 'failed' }] });
    expect(await house.connectors()).toEqual(before);
  });

  it('takes back a write that nobody has seen, although the object does not show it yet', async () => {
    const { exchange } = house.world;
    const [before] = await house.connectors();
    if (!before) throw new Error('there is no connector');
    const [invoke, get] = [exchange.invoke.bind(exchange), exchange.get.bind(exchange)];
    let isHidden = false;
    exchange.invoke = async (call) => {
      const answer = await invoke(call);
      isHidden = !isHidden;
      if (!isHidden) return answer;
      house.mortality.dieIn(0);
      await house.mortality.moment('the end of the process');
      return answer;
    };
    const hiding = async (...asked: Parameters<typeof get>) => (isHidden ? before : get(...asked));
    exchange.get = hiding as typeof get;
    whenOnRecord(house, 'step-running', 0, pause);
    await carriedOnPaused();
    expect(await house.order('cancel', rita)).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(await house.connectors()).toEqual([before]);
  });

  it('goes on without writing again when it is resumed', async () => {
    endsOnceDone();
    whenOnRecord(house, 'step-running', 0, pause);
    await carriedOnPaused();
    expect(await house.order('resume', oskar)).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(house.sent()).toEqual(['Set-InboundConnector']);
  });

  it('insists on its facts again before it writes', async () => {
    whenOnRecord(house, 'step-running', 0, async () => {
      await pause();
      house.mortality.dieIn(0);
    });
    await carriedOnPaused();
    expect(house.sent()).toEqual([]);
    house.world.dns.setMx('contoso.com', [officeMx]);
    expect(await house.order('resume', oskar)).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(switched()).toEqual([false]);
  });
});

it('a run that was stopped while its process ended in the middle of a write knows what it takes back', async () => {
  house = await houseFor('lock-down');
  const before = await house.connectors();
  whenOnRecord(house, 'step-running', 0, async () => {
    await house.click('stop', rita);
    house.mortality.dieIn(0);
  });
  await house.carryThrough(sentences['lock-down']);
  expect(await house.request()).toMatchObject({ state: 'undone', steps: [{ status: 'undone' }] });
  expect(await house.connectors()).toEqual(before);
  expect(switched()).toEqual([true, false]);
});
