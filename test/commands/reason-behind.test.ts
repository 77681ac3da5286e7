import { describe, expect, it } from 'vitest';
import { reasonBehind } from '../../src/commands/reason-behind.ts';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, person, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const oskar = person('Oskar', '41', 'operator');
const ruth = { ...ada, roles: ['requester', 'approver', 'break-glass'] } as const;
const isWhole = (text: string): boolean => text.isWellFormed();

async function brokenAndEnded() {
  const house = new MemorySwitchyard();
  const breakGlass = { people: [ruth.objectId], groups: [], answerWithinHours: 4 };
  await house.policies.replace(1, { ...policyDocument(), breakGlass });
  await house.say(setUp);
  await house.settle();
  const { id, plan, nonce } = await house.request();
  const start = {
    type: 'break-glass',
    actor: ruth,
    digest: plan?.digest ?? '',
    nonce,
    reason: 'no mail at all',
  } as const;
  await house.gate.submit(id, start);
  await house.settle();
  return { house, id, nonce };
}

describe('a reason', () => {
  it('that is too long is cut between two characters', () => {
    const words = `pause R-22222222 ${'a'.repeat(299)}😀 and more`.split(' ');
    const reason = reasonBehind(words);
    expect([reason.length, isWhole(reason)]).toEqual([299, true]);
    expect(reasonBehind(`pause R-22222222 ${'a'.repeat(298)}😀 and more`.split(' '))).toMatch(/😀$/u);
  });

  it('of a pause is taken however long it is', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();
    const { card } = await house.say(`pause ${id} ${'so it is '.repeat(60)}`, oskar);
    expect(JSON.stringify(card.model)).not.toContain('characters long');
  });
});

describe('what somebody says after an emergency start', () => {
  it('is refused with its limit when it is too long, and nothing of it is kept', async () => {
    const { house, id } = await brokenAndEnded();
    const { card } = await house.say(`answer ${id} ${'The old gateway was down. '.repeat(20)}`, ruth);
    expect(JSON.stringify(card.model)).toMatch(/characters long; at most 300 are kept, so nothing was recorded/u);
    expect((await house.request()).breakGlass?.answer).toBe(null);
    await house.say(`answer ${id} ${'a'.repeat(298)}😀`, ruth);
    expect((await house.request()).breakGlass?.answer?.text).toBe(`${'a'.repeat(298)}😀`);
    await house.say(`review ${id} objection ${'That was no emergency. '.repeat(20)}`, ben);
    expect((await house.request()).breakGlass?.review).toBe(null);
  });

  it('is refused in the same words when it was typed on the card', async () => {
    const { house, id, nonce } = await brokenAndEnded();
    const answer = await house.click('answer', ruth, { requestId: id, nonce, reason: 'long '.repeat(70) });
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining('at most 300 are kept') });
    expect(await house.click('answer', rita, { requestId: id, nonce, reason: 'x'.repeat(5000) })).toMatchObject({
      message: 'This button carries something I did not put there.',
    });
  });
});
