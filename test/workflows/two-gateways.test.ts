import { beforeEach, describe, expect, it } from 'vitest';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { accepted } from '../support/fake-smtp.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';

const defender = 'Switchyard - Inbound from ExchangeDefender';
const barracuda = 'Switchyard - Inbound from Barracuda Email Gateway Defense (US)';
const barracudaMx = 'd1.ess.barracudanetworks.com';

let house: MemorySwitchyard;

async function asked(text: string): Promise<ProvisioningRequest> {
  await house.say(text);
  await house.settle();
  return house.request();
}

async function on(): Promise<string[]> {
  return (await house.connectors()).filter(({ Enabled }) => Enabled).map(({ Name }) => Name);
}

function moveToBarracuda(): void {
  for (const domain of ['contoso.com', 'sales.contoso.com']) house.world.dns.setMx(domain, [barracudaMx]);
  house.world.smtp.setAnswer(barracudaMx, accepted);
}

function turn(name: string, enabled: boolean): Promise<unknown> {
  const parameters = { Identity: name, Enabled: enabled };
  return house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
}

/** ExchangeDefender locks; Barracuda comes before it by key and is prepared for the same domain. */
beforeEach(async () => {
  house = new MemorySwitchyard();
  await house.carryThrough('set up gateway exchangedefender for contoso.com');
  house.moveMx();
  await house.carryThrough('lock down contoso.com');
  await house.carryThrough('set up gateway barracuda-us for contoso.com');
  expect((await house.connectors()).map(({ Name }) => Name)).toEqual([defender, barracuda]);
});

describe('unlock with two gateways set up for one domain', () => {
  it('turns off the connector that is on, whichever was set up last', async () => {
    expect(await on()).toEqual([defender]);
    expect(await house.carryThrough('unlock contoso.com')).toMatchObject({
      state: 'done',
      outcome: { code: 'proven' },
      plan: { title: 'Unlock contoso from ExchangeDefender' },
    });
    expect(await on()).toEqual([]);
    const locked = (await house.store.all()).map(({ gateway, locked }) => [gateway, locked]);
    expect(locked).toEqual([
      ['barracuda-us', false],
      ['exchangedefender', false],
    ]);
  });

  it('does so for every domain of the tenant, and the set-up stays that of its own', async () => {
    await house.carryThrough('unlock sales.contoso.com');
    expect(await on()).toEqual([]);
    house.moveMx();
    await house.carryThrough('lock down sales.contoso.com');
    expect(await on()).toEqual([defender]);
    expect((await house.store.all()).map(({ domain }) => domain)).toEqual(['contoso.com', 'contoso.com']);
  });

  it('has nothing to do only when neither connector is on', async () => {
    await house.carryThrough('unlock contoso.com');
    expect((await asked('unlock contoso.com')).state).toBe('nothing-to-do');
  });

  it('asks which one when both are on, and the second goes off as soon as it is named too', async () => {
    await turn(barracuda, true);
    const { state, outcome } = await asked('unlock contoso.com');
    expect(state).toBe('refused');
    expect(outcome?.message).toContain('ExchangeDefender');
    expect(outcome?.message).toContain('Barracuda');
    expect(outcome?.next).toContain('unlock contoso.com from exchangedefender');
    expect(outcome?.next).toContain('unlock contoso.com from barracuda-us');

    const first = await house.carryThrough('unlock contoso.com from exchangedefender');
    expect(first).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await on()).toEqual([barracuda]);
    const second = await house.carryThrough('unlock contoso.com');
    expect(second).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await on()).toEqual([]);
  });

  it('does not ask because of one that is on and refuses nothing', async () => {
    const parameters = { Identity: barracuda, Enabled: true, RestrictDomainsToIPAddresses: false };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    expect(await house.carryThrough('unlock contoso.com')).toMatchObject({
      state: 'done',
      plan: { title: 'Unlock contoso from ExchangeDefender' },
    });
    expect(await on()).toEqual([barracuda]);
  });

  it('does not ask because of one that refuses mail for other domains only', async () => {
    const parameters = { Identity: barracuda, Enabled: true, AssociatedAcceptedDomains: ['sales.contoso.com'] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    expect((await asked('unlock contoso.com')).plan?.title).toBe('Unlock contoso from ExchangeDefender');
  });

  it('never calls it nothing to do while another lock of ours is on than the named one', async () => {
    const { state, outcome } = await asked('unlock contoso.com from barracuda-us');
    expect(state).toBe('refused');
    expect(outcome?.message).toContain(`still refused by ${defender}`);
    expect(outcome?.next).toContain('unlock contoso.com from exchangedefender');
  });
});

describe('lock-down with two gateways set up for one domain', () => {
  it('takes the one that the MX points at', async () => {
    await house.carryThrough('unlock contoso.com');
    const back = await house.carryThrough('lock down contoso.com');
    expect(back).toMatchObject({ state: 'done', plan: { title: 'Lock down contoso to ExchangeDefender' } });
    await house.carryThrough('unlock contoso.com');
    moveToBarracuda();
    expect((await house.carryThrough('lock down contoso.com')).outcome?.code).toBe('proven');
    expect(await on()).toEqual([barracuda]);
  });

  it('takes the one that is named, and judges the MX by it', async () => {
    const { state, outcome } = await asked('lock down contoso.com to barracuda-us');
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'mx-at-gateway' });
    moveToBarracuda();
    expect((await asked('lock down contoso.com to barracuda-us')).state).toBe('awaiting-approval');
  });

  it.each([
    ['at neither', ['contoso-com.mail.protection.outlook.com']],
    ['at both', ['inbound30.exchangedefender.com', barracudaMx]],
  ])('asks which one while the MX points %s', async (_where, mx) => {
    house.world.dns.setMx('contoso.com', mx);
    const { state, outcome } = await asked('lock down contoso.com');
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'refused' });
    expect(outcome?.message).toContain(mx[0]);
    expect(outcome?.next).toContain('lock down contoso.com to exchangedefender');
    expect(outcome?.next).toContain('lock down contoso.com to barracuda-us');
  });

  it('says that its proof cannot tell the two locks apart while the other one is on', async () => {
    moveToBarracuda();
    const { plan } = await asked('lock down contoso.com');
    expect(plan?.facts).toMatchObject({ connector: barracuda, otherLocks: [defender] });
    const texts = plan?.warnings.map(({ text }) => text).join(' ');
    expect(texts).toContain(`${defender} refuses direct delivery already`);
    expect(texts).toContain('cannot tell');
  });
});
