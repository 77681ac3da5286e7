import { describe, expect, it } from 'vitest';
import { cardLimit } from '../../src/views/budget.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';
import { bytesOf, expand } from '../views/expand.ts';

interface Row {
  readonly field: string;
  readonly value: string;
}

async function shownAs(house: MemorySwitchyard, wanted: string): Promise<string> {
  const { model } = (await house.say('policy')).card;
  const rows = model['fields'] as unknown as readonly Row[];
  return rows.find(({ field }) => field === wanted)?.value ?? '';
}

describe('policy', () => {
  it('shows people by name and id as far as they are known, and by id otherwise', async () => {
    const house = new MemorySwitchyard();
    await house.policies.replace(1, { ...policyDocument(), owners: { [ben.objectId]: ada.objectId } });
    house.people.learn(ada.objectId, 'Ada Okafor');
    expect(await shownAs(house, 'rings.approvers.people')).toContain(`Ada Okafor (${ada.objectId}), ${ben.objectId}`);
    expect(await shownAs(house, 'requesters.people')).toContain(rita.objectId);
    expect(await shownAs(house, 'owners')).toContain(`Ada Okafor (${ada.objectId})`);
  });

  it('stays within a card however many rings and people there are', async () => {
    const house = new MemorySwitchyard();
    const people = Array.from(
      { length: 40 },
      (_, at) => `11111111-0000-4000-8000-0000000001${String(at).padStart(2, '0')}`,
    );
    const rings = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`ring-${at}`, { people, groups: [] }]));
    for (const id of people) house.people.learn(id, 'Somebody with a rather long name');
    await house.policies.replace(1, { ...policyDocument(), rings: { ...policyDocument().rings, ...rings } });
    expect(bytesOf(expand((await house.say('policy')).card))).toBeLessThanOrEqual(cardLimit);
  });
});
