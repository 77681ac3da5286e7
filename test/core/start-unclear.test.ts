import { describe, expect, it, vi } from 'vitest';
import { lookOnce } from '../../src/core/due-loop.ts';
import { UnavailableError } from '../../src/core/errors.ts';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, rita } from '../support/people.ts';

/** A gateway is set up, and mail goes to it. */
async function ready(): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard();
  await house.carryThrough('set up gateway exchangedefender for contoso.com');
  house.moveMx();
  return house;
}

function silence(house: MemorySwitchyard): void {
  house.world.dns.setMx('contoso.com', { 'resolver-1': [gatewayMx], 'resolver-2': 'timeout' });
}

async function lookAtTheClock(house: MemorySwitchyard): Promise<void> {
  const { gate, store, policies, world } = house;
  await lookOnce({ gate, store, policies, clock: world.clock }, new AbortController().signal, (error) => {
    throw error;
  });
  await house.settle();
}

/** Time goes on until the start is tried again, or is over. */
async function nextTry(house: MemorySwitchyard): Promise<void> {
  const { clocks } = await house.request();
  const seconds = (Date.parse(clocks.nextDue ?? '') - house.world.clock.now().getTime()) / 1000;
  house.world.clock.advance(Math.max(0, seconds));
  await lookAtTheClock(house);
}

async function lockDown(house: MemorySwitchyard): Promise<void> {
  await house.say('lock down contoso.com', rita);
  await house.settle();
}

async function approve(house: MemorySwitchyard): Promise<void> {
  await house.click('approve', ada);
  await house.settle();
}

function told(house: MemorySwitchyard): string[] {
  return house
    .notices()
    .filter(({ notice }) => notice.kind === 'scheduled')
    .map(({ audience, notice }) => `${audience}: ${notice.headline}`);
}

describe('an approved start of which nobody can tell whether everything is still so', () => {
  it('waits for a resolver that did not answer, and then starts on the same approval', async () => {
    const house = await ready();
    await lockDown(house);
    silence(house);
    const sent = house.sent();
    await approve(house);

    const waiting = await house.request();
    expect(waiting.state).toBe('approved');
    expect(waiting.decisions.map(({ voided }) => voided)).toEqual([false]);
    expect(waiting.clocks.hold?.unclear).toMatch(/could not be established.*resolver-2/su);
    expect(house.sent()).toEqual(sent);

    house.moveMx();
    await nextTry(house);
    expect((await house.request()).state).toBe('done');
  });

  it('tells thread and requester once, however often it is tried', async () => {
    const house = await ready();
    await lockDown(house);
    silence(house);
    await approve(house);
    for (let tries = 0; tries < 3; tries += 1) await nextTry(house);
    const { id, state } = await house.request();
    expect(state).toBe('approved');
    expect(told(house)).toEqual([
      `thread: ${id}: approved – cannot start yet`,
      `requester: ${id}: approved – cannot start yet`,
    ]);
  });

  it('is tried after longer and longer pauses, of ten minutes at most', async () => {
    const house = await ready();
    await lockDown(house);
    silence(house);
    await approve(house);
    const pauses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      const { clocks, updatedAt } = await house.request();
      pauses.push((Date.parse(clocks.hold?.until ?? '') - Date.parse(updatedAt)) / 60_000);
      await nextTry(house);
    }
    expect(pauses).toEqual([1, 1, 2, 4, 8, 10]);
  });

  it('ends when its time to start is over, with what stood in the way', async () => {
    const house = await ready();
    await lockDown(house);
    silence(house);
    await approve(house);
    while ((await house.request()).state === 'approved') await nextTry(house);
    const { state, outcome } = await house.request();
    expect(state).toBe('expired');
    expect(outcome?.message).toMatch(/could not start by.*could not be established.*resolver-2.*Nothing was changed/su);
  });

  it('can be stopped, and cannot be started alone: what nobody can tell, nobody can pass over', async () => {
    const house = await ready();
    await lockDown(house);
    silence(house);
    await approve(house);
    const broken = await house.click('break-glass', ada);
    expect(broken.kind).toBe('error');
    expect((await house.order('stop', rita)).state).toBe('cancelled');
    await nextTry(house).catch(() => undefined);
    expect((await house.request()).state).toBe('cancelled');
  });

  it('waits while Exchange is away for longer than it is asked again', async () => {
    const house = await ready();
    await lockDown(house);
    const { exchange, clock } = house.world;
    const back = clock.now().getTime() + 240_000;
    const read = exchange.lists.bind(exchange);
    vi.spyOn(exchange, 'lists').mockImplementation((cmdlets) => {
      if (clock.now().getTime() >= back) return read(cmdlets);
      throw new UnavailableError('Exchange Online answers 503.', { operation: 'read', next: 'Try again later.' });
    });
    await approve(house);
    expect((await house.request()).clocks.hold?.unclear).toContain('Exchange Online answers 503.');
    while ((await house.request()).state === 'approved') await nextTry(house);
    expect((await house.request()).state).toBe('done');
  });

  it('keeps the approvals while it cannot be read what the approvers may do', async () => {
    const house = await ready();
    await lockDown(house);
    const { roles } = house;
    let isAway = false;
    house.roles = {
      ...roles,
      actor: (person) => {
        if (!isAway) return roles.actor(person);
        throw new RolesUnavailableError('Graph did not answer.', { operation: 'read roles', next: 'Later.' });
      },
    };
    await house.click('approve', ada);
    isAway = true;
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'approved', decisions: [{ voided: false }] });
    isAway = false;
    await nextTry(house);
    expect((await house.request()).state).toBe('done');
  });

  it('still is refused for good by what is known to be wrong', async () => {
    const house = await ready();
    await lockDown(house);
    house.world.dns.setMx('contoso.com', ['contoso-com.mail.protection.outlook.com']);
    await approve(house);
    expect((await house.request()).state).toBe('refused');
  });
});
