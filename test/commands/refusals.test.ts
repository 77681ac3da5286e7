import { describe, expect, it } from 'vitest';
import { setUp } from '../support/memory-story.ts';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { eve, rita } from '../support/people.ts';

describe('a refusal because of who asks', () => {
  it.each([
    [setUp, eve, 'requested'],
    ['connect contoso', eve, 'consent-asked'],
    ['subscribe all', eve, 'subscribed'],
    ['unsubscribe approvals', rita, 'unsubscribed'],
  ])('is on record: “%s”', async (text, actor, action) => {
    const house = new MemorySwitchyard();
    const { card } = await house.say(text, actor);
    expect(card.template).toBe('error');
    expect(house.store.audit).toMatchObject([
      { action, outcome: 'refused', requestId: 'not-opened', actor: { name: actor.name }, source: { conversation } },
    ]);
    expect(house.store.audit[0]?.reason).toMatch(/^Only /u);
    expect(await house.requests()).toEqual([]);
  });
});
