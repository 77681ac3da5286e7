import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/person.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { houseFor, type Story, sentences } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, eve, person, rita } from '../support/people.ts';

const oskar = person('Oskar', '41', 'operator');

let house: MemorySwitchyard;

function approved(story: Story): Promise<ProvisioningRequest> {
  return house.carryThrough(sentences[story]);
}

/** Does something as soon as the run waits and its request is as described; each deed once, in turn. */
function whenWaiting(
  ...deeds: { when: (request: ProvisioningRequest) => boolean; act: () => Promise<unknown> }[]
): void {
  house.engine.onWait = async () => {
    const [deed] = deeds;
    if (!deed?.when(await house.request())) return;
    deeds.shift();
    await deed.act();
    await house.post();
  };
}

const isOverdue = ({ takeBack }: ProvisioningRequest): boolean => takeBack !== null && takeBack.hold === null;
const isHeld = ({ takeBack }: ProvisioningRequest): boolean => Boolean(takeBack?.hold);

/** Types a word, the id of the newest request, and a reason. */
async function type(word: string, actor: Actor, reason = ''): Promise<void> {
  const { id } = await house.request();
  await house.say(`${word} ${id} ${reason}`, actor);
}

function told(kind: string): string[] {
  return house.notices().flatMap(({ notice, audience }) => (notice.kind === kind ? [audience] : []));
}

function audited(action: string): string[] {
  return house.store.audit
    .filter((entry) => entry.action === action && entry.outcome === 'accepted')
    .map(({ actor }) => actor?.name ?? 'Switchyard');
}

const minutesBetween = (from: string | undefined, to: string | undefined): number =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 60_000;

describe('a lock that is not proven in time', () => {
  beforeEach(async () => {
    house = await houseFor('lock-down');
    house.edge = 'silent';
  });

  it('is announced with the time and taken back then, unless somebody holds it', async () => {
    let announced: ProvisioningRequest | undefined;
    whenWaiting({
      when: isOverdue,
      act: async () => {
        announced = await house.request();
      },
    });
    const request = await approved('lock-down');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'proof-missing' }, takeBack: null });
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
    expect(told('take-back')).toEqual(['thread', 'requester', 'operators']);
    const notice = house.notices().find((one) => one.notice.kind === 'take-back')?.notice;
    expect(notice?.headline).toContain(
      `at ${announced?.takeBack?.at.slice(0, 16).replace('T', ' ')} UTC unless somebody holds them`,
    );
    expect(announced?.proofs[0]).toMatchObject({ status: 'overdue' });
    const minutes = minutesBetween(announced?.proofs[0]?.deadline, announced?.takeBack?.at);
    expect(minutes).toBeGreaterThanOrEqual(14);
    expect(minutes).toBeLessThanOrEqual(15);
    expect(audited('overdue')).toEqual(['Switchyard']);
    expect(audited('take-back')).toEqual(['Switchyard']);
  });

  it('stays when the proof comes in the grace after all', async () => {
    whenWaiting({
      when: isOverdue,
      act: async () => {
        house.edge = 'obeys';
      },
    });
    const request = await approved('lock-down');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await house.connectors()).toMatchObject([{ Enabled: true }]);
  });

  it.each([
    ['the requester', rita],
    ['an approver', ada],
    ['an operator', oskar],
  ])('is kept for a day while it is held by %s, and then stays with unknown health', async (_who, actor) => {
    whenWaiting({ when: isOverdue, act: () => type('hold', actor, 'the gateway is being tested') });
    const request = await approved('lock-down');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'unknown' } });
    expect(request.outcome?.message).toContain(`${actor.name} held the changes, so they stay.`);
    expect(await house.connectors()).toMatchObject([{ Enabled: true }]);
    expect(await house.store.all()).toMatchObject([{ health: 'unknown', locked: true }]);
    expect(audited('hold')).toEqual([actor.name]);
    const entry = house.store.audit.find(({ action }) => action === 'hold');
    expect(entry?.detail).toMatchObject({ reason: 'the gateway is being tested' });
  });

  it('is proven while it is held', async () => {
    whenWaiting(
      { when: isOverdue, act: () => type('hold', rita) },
      {
        when: isHeld,
        act: async () => {
          house.edge = 'obeys';
        },
      },
    );
    const request = await approved('lock-down');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' }, takeBack: null });
  });

  it('is taken back after a new grace when it is released', async () => {
    let released: ProvisioningRequest | undefined;
    whenWaiting(
      { when: isOverdue, act: () => type('hold', rita) },
      { when: isHeld, act: () => type('release', oskar) },
      {
        when: isOverdue,
        act: async () => {
          released = await house.request();
        },
      },
    );
    const request = await approved('lock-down');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'proof-missing' } });
    expect(minutesBetween(released?.updatedAt, released?.takeBack?.at)).toBe(15);
    expect(told('take-back')).toHaveLength(6);
    expect(audited('release')).toEqual(['Oskar']);
  });

  it('is taken back at once when the run is stopped while it is held', async () => {
    whenWaiting({ when: isOverdue, act: () => type('hold', rita) }, { when: isHeld, act: () => type('cancel', ada) });
    expect(await approved('lock-down')).toMatchObject({ state: 'undone', outcome: { code: 'stopped' } });
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
  });

  it('is taken back when a look shows that it does not act', async () => {
    whenWaiting({
      when: isOverdue,
      act: async () => {
        house.edge = 'always-open';
      },
    });
    expect(await approved('lock-down')).toMatchObject({ state: 'undone', outcome: { code: 'proof-failed' } });
  });

  it('is not held by just anybody', async () => {
    whenWaiting({ when: isOverdue, act: () => type('hold', eve) });
    expect(await approved('lock-down')).toMatchObject({ state: 'undone' });
    const refused = house.store.audit.filter(({ action, outcome }) => action === 'hold' && outcome === 'refused');
    expect(refused).toMatchObject([{ actor: { name: 'Eve' } }]);
  });

  it('cannot be held any more once the taking back has begun', async () => {
    house.engine.onStep = async (name) => {
      if (name === 'undo 0 Set-InboundConnector') await type('hold', rita);
    };
    expect(await approved('lock-down')).toMatchObject({ state: 'undone' });
    expect(audited('hold')).toEqual([]);
  });

  it('is taken back later by as long as the run was paused', async () => {
    let before: string | undefined;
    whenWaiting({
      when: isOverdue,
      act: async () => {
        before = (await house.request()).takeBack?.at;
        await type('pause', oskar);
      },
    });
    const paused = await approved('lock-down');
    expect(paused).toMatchObject({ state: 'running', pause: { by: { name: 'Oskar' } } });
    house.world.clock.advance(3600);
    await type('resume', oskar);
    expect(minutesBetween(before, (await house.request()).takeBack?.at)).toBe(60);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'undone', outcome: { code: 'proof-missing' } });
  });
});

describe('an unlock that is not proven in time', () => {
  it('stays: an emergency brake does not release itself', async () => {
    house = await houseFor('unlock');
    house.edge = 'silent';
    expect(await approved('unlock')).toMatchObject({ state: 'done', outcome: { code: 'unknown' } });
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
    expect(told('take-back')).toEqual([]);
  });
});

describe('changes that are not about to be taken back', () => {
  it('cannot be held or released', async () => {
    house = await houseFor('lock-down');
    house.engine.onStep = async (name) => {
      if (name !== 'proof 0: attempt 1') return;
      await type('hold', rita);
      await type('release', rita);
    };
    expect(await approved('lock-down')).toMatchObject({ state: 'done' });
    expect([...audited('hold'), ...audited('release')]).toEqual([]);
  });
});
