import { describe, expect, it } from 'vitest';
import { setUp } from '../support/memory-story.ts';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, eve, omar, rita } from '../support/people.ts';

describe('a form', () => {
  const filled = { workflow: 'set-up-gateway', domain: 'contoso.com', gateway: 'exchangedefender' };
  const submit = (house: MemorySwitchyard, data: unknown, actor = rita) => house.submit(actor, data, 'form-1');

  it('opens the same request as a sentence, and its message becomes the living card', async () => {
    const house = new MemorySwitchyard();
    expect(await submit(house, { ...filled, ranges: '', mx: ' ' })).toMatchObject({ kind: 'card' });
    const { id, input } = await house.request();
    expect(input).toEqual({ domain: 'contoso.com', gateway: 'exchangedefender' });
    expect(await house.store.cardOf(id)).toEqual({ conversation, messageId: 'form-1' });
    await submit(house, filled);
    await house.say(setUp);
    expect(await house.requests()).toHaveLength(1);
  });

  it('for what was asked for elsewhere shows that request without buttons', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const where = '19:other@thread.tacv2;messageid=7';
    const answer = await house.submit(omar, filled, 'form-2', where);
    expect(answer).toMatchObject({ kind: 'card', card: { template: 'plan', model: { onlyShown: true } } });
    expect(await house.submit(omar, filled, 'form-3')).toMatchObject({ card: { model: { onlyShown: false } } });
  });

  it('comes back with what is still missing', async () => {
    const house = new MemorySwitchyard();
    const answer = await submit(house, { ...filled, gateway: 'generic' });
    expect(JSON.stringify(answer)).toContain('Still needed');
    expect(await house.requests()).toEqual([]);
  });

  it.each([ada, eve])('of somebody who is no requester is refused', async (actor) => {
    const house = new MemorySwitchyard();
    expect(JSON.stringify(await submit(house, filled, actor))).toContain('Only a requester');
    expect(await house.requests()).toEqual([]);
  });

  it('with forged fields opens nothing', async () => {
    const forged: unknown[] = [
      null,
      [],
      [filled],
      { ...filled, tenant: 'fabrikam' },
      { ...filled, requester: 'ada' },
      { ...filled, domain: ['contoso.com'] },
      { ...filled, domain: { $ne: '' } },
      { ...filled, workflow: 'toString' },
      { ...filled, workflow: '__proto__' },
      { ...filled, mx: 'x'.repeat(5000) },
      { ...filled, constructor: 'x' },
    ];
    const house = new MemorySwitchyard();
    for (const data of forged) expect(await submit(house, data)).toMatchObject({ kind: 'error', status: 400 });
    expect(await house.requests()).toEqual([]);
    expect(house.defects).toEqual([]);
  });

  it('takes nothing from the prototype of what was sent', async () => {
    const house = new MemorySwitchyard();
    const answer = await submit(house, JSON.parse('{"workflow":"lock-down","__proto__":{"domain":"contoso.com"}}'));
    expect(answer).not.toMatchObject({ kind: 'card', card: { template: 'planning' } });
    expect(await house.requests()).toEqual([]);
  });
});
