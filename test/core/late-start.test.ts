import { expect, it, vi } from 'vitest';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

it('a run goes on whose start was stored although it was told otherwise', async () => {
  const house = new MemorySwitchyard();
  await house.say(setUp);
  await house.settle();
  await house.click('approve', ada);
  const save = house.store.save.bind(house.store);
  let isLost = false;
  vi.spyOn(house.store, 'save').mockImplementation(async (next, effects, audit) => {
    const saved = await save(next, effects, audit);
    if (next.state !== 'running' || isLost) return saved;
    isLost = true;
    return false;
  });
  await house.settle();
  expect([isLost, (await house.request()).state]).toEqual([true, 'done']);
});
