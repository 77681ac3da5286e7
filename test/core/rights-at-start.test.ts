import { describe, expect, it, vi } from 'vitest';
import { ThrottledError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/person.ts';
import { RolesUnavailableError } from '../../src/core/policy/role-source.ts';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

/** Approved, and then the requester has these rights when the run is about to begin. */
async function approvedBy(house: MemorySwitchyard, later: Partial<Actor>) {
  await house.say(setUp);
  await house.settle();
  await house.click('approve', ada);
  const { roles } = house;
  house.roles = {
    ...roles,
    actor: async (person) => ({ ...(await roles.actor(person)), ...(person.objectId === rita.objectId ? later : {}) }),
  };
  await house.settle();
  return house.request();
}

describe('an approved request', () => {
  it('does not end because nobody can tell at its start who could approve it', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    await house.click('approve', ada);
    const unread = new RolesUnavailableError('Microsoft Graph is down.', { operation: 'read', next: '' });
    house.roles = { ...house.roles, membersOf: () => Promise.reject(unread) };
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });
});

describe('a request whose requester may not ask any more', () => {
  it('is not started when the right went while its start was waiting for Exchange', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    await house.click('approve', ada);
    const { roles } = house;
    let isLost = false;
    const list = house.store.list.bind(house.store);
    vi.spyOn(house.store, 'list').mockImplementation((filter) => {
      // Asked when the run begins: what was read to confirm the plan is too old by now.
      if (filter.changedAfter !== undefined) house.realSeconds = 10;
      return list(filter);
    });
    const actor: typeof roles.actor = async (person) => {
      const now = await roles.actor(person);
      return isLost && person.objectId === rita.objectId ? { ...now, roles: [] } : now;
    };
    house.roles = { ...roles, actor };
    const { exchange } = house.world;
    const lists = exchange.lists.bind(exchange);
    vi.spyOn(exchange, 'lists').mockImplementation(async (...asked) => {
      if ((await house.request()).state !== 'approved' || isLost) return lists(...asked);
      isLost = true;
      throw new ThrottledError('Too much.', { operation: 'read', next: '', retryAfterSeconds: 30 });
    });
    await house.settle();
    expect([isLost, (await house.request()).outcome?.code]).toEqual([true, 'requester-lost']);
    expect(house.sent().filter((cmdlet) => !cmdlet.startsWith('Get-'))).toEqual([]);
  });

  it.each([[{ roles: [] }], [{ isGuest: true }]])('is not started, and everybody is told why: %o', async (later) => {
    const house = new MemorySwitchyard();
    const request = await approvedBy(house, later);
    expect(request).toMatchObject({ state: 'refused', outcome: { code: 'requester-lost' } });
    expect(house.sent().filter((cmdlet) => !cmdlet.startsWith('Get-'))).toEqual([]);
    expect(house.store.audit.at(-1)).toMatchObject({ action: 'requester-lost', outcome: 'accepted', actor: null });
    expect(house.notices().map(({ audience, notice }) => [audience, notice.kind])).toEqual([
      ['decider', 'receipt'],
      ['thread', 'refused'],
      ['requester', 'refused'],
    ]);
  });

  it('is started all the same when somebody starts it alone in an emergency', async () => {
    const house = new MemorySwitchyard();
    const breakGlass = { people: [ada.objectId], groups: [], answerWithinHours: 4 };
    await house.policies.replace(1, { ...policyDocument(), breakGlass });
    await house.say(setUp);
    await house.settle();
    const { id, plan, nonce } = await house.request();
    const { roles } = house;
    house.roles = {
      ...roles,
      actor: async (person) => ({
        ...(await roles.actor(person)),
        ...(person.objectId === rita.objectId ? { roles: [] } : {}),
      }),
    };
    const data = { requestId: id, digest: plan?.digest.slice(0, 16), nonce, reason: 'all mail is refused since 02:10' };
    const ruth: Actor = { ...ada, roles: ['approver', 'break-glass'] };
    expect(await house.click('break-glass', ruth, data)).toMatchObject({ kind: 'card' });
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });
});
