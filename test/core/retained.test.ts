import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, omar } from '../support/people.ts';

const name = 'Switchyard - Inbound from ExchangeDefender';

async function lockPlanned(): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard();
  await house.carryThrough('set up gateway exchangedefender for contoso.com');
  house.moveMx();
  house.world.exchange.invoked.length = 0;
  await house.say('lock down contoso.com');
  await house.settle();
  return house;
}

function colleague(house: MemorySwitchyard, parameters: Record<string, string | boolean | string[]>): Promise<unknown> {
  return house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...parameters } });
}

async function planOf(house: MemorySwitchyard): Promise<Plan> {
  const { plan } = await house.request();
  if (!plan) throw new Error('there is no plan');
  return plan;
}

describe('an approval is kept', () => {
  it('when a colleague only edits the comment: the card shows the fresh plan, the decision stands', async () => {
    const house = await lockPlanned();
    const before = await planOf(house);
    const [connector] = await house.connectors();
    house.world.clock.advance(60);
    await colleague(house, { Comment: `${connector?.Comment} Asked Kim about it.` });
    await house.click('approve', ada);
    await house.settle();
    const request = await house.request();
    expect(request).toMatchObject({ state: 'done', planVersion: 1, decisions: [{ voided: false }] });
    const after = await planOf(house);
    expect(after.digest).toBe(before.digest);
    expect(after.madeAt > before.madeAt).toBe(true);
    expect(JSON.stringify(after.objects)).toContain('Asked Kim about it.');
  });

  it('when what stays untouched and whom it touches are worded otherwise', async () => {
    const house = await lockPlanned();
    const before = await planOf(house);
    const parameters = { Name: 'Another', SenderDomains: ['partner.example'], Enabled: false };
    await house.world.exchange.invoke({ cmdlet: 'New-InboundConnector', parameters });
    await house.click('approve', ada);
    await house.settle();
    const after = await planOf(house);
    expect(after.untouched).not.toEqual(before.untouched);
    expect(after.digest).toBe(before.digest);
    expect(await house.request()).toMatchObject({ state: 'done', planVersion: 1 });
  });

  it('without reading the mail of ten days again', async () => {
    const house = await lockPlanned();
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.resolve([]);
    };
    Object.assign(house.world.exchange, { ask });
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done' });
    expect(asked).toBe(0);
  });
});

describe('an approval is replaced', () => {
  it('by a request for a new one, with the three sides of what changed', async () => {
    const house = await lockPlanned();
    house.world.dns.setMx('contoso.com', [gatewayMx, 'inbound31.exchangedefender.com']);
    await house.click('approve', ada);
    await house.settle();
    const { state, decisions, differences } = await house.request();
    expect({ state, voided: decisions[0]?.voided }).toEqual({ state: 'awaiting-approval', voided: true });
    expect(differences).toMatchObject([{ about: 'fact', plannedFrom: expect.anything(), now: expect.anything() }]);
    expect(differences[0]?.subject).toMatch(/mail exchanger/u);
  });
});

describe('an approval is cleared', () => {
  it('when a colleague did it by hand, and the card says that it was nobody of ours', async () => {
    const house = await lockPlanned();
    await colleague(house, { Enabled: true });
    await house.click('approve', ada);
    await house.settle();
    const { state, outcome, id } = await house.request();
    expect(state).toBe('nothing-to-do');
    expect(outcome?.message).toContain(`Somebody made it so after ${id} was planned, and not with Switchyard`);
    expect(house.sent()).toEqual(['Set-InboundConnector']);
    expect(house.store.audit.map(({ action }) => action)).toContain('cleared');
  });

  it('when another request did it meanwhile, and the card names it and its people', async () => {
    const house = await lockPlanned();
    const waiting = await house.request();
    const turn = { conversation: 'c', scope: 'channel' as const, activityId: 'other' };
    await house.say('lock down sales.contoso.com', omar, turn.activityId);
    await house.settle();
    const other = await house.request();
    house.world.clock.advance(60);
    await house.click('approve', ben);
    await house.settle();
    expect(await house.store.get(other.id)).toMatchObject({ state: 'done' });
    const { plan, nonce } = waiting;
    await house.click('approve', ada, { requestId: waiting.id, digest: plan?.digest.slice(0, 16), nonce });
    await house.settle();
    const cleared = await house.store.get(waiting.id);
    expect(cleared?.state).toBe('nothing-to-do');
    expect(cleared?.outcome?.message).toMatch(
      new RegExp(
        `${other.id} \\(.*\\), asked for by Omar and approved by Ben, did it by \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`,
        'u',
      ),
    );
  });
});

describe('every plan that is put up for a decision', () => {
  it('is kept as it was, also when it is replaced', async () => {
    const house = await lockPlanned();
    const first = await planOf(house);
    house.world.dns.setMx('contoso.com', [gatewayMx, 'inbound31.exchangedefender.com']);
    await house.click('approve', ada);
    await house.settle();
    const second = await planOf(house);
    const { id } = await house.request();
    const kept = house.store.effects.flatMap((effect) => (effect.kind === 'plan' ? [effect.kept] : []));
    const ours = kept.filter(({ requestId }) => requestId === id);
    expect(ours.map(({ version, plan }) => [version, plan.digest])).toEqual([
      [1, first.digest],
      [2, second.digest],
    ]);
    expect(ours[0]?.plan).toEqual(first);
  });
});
