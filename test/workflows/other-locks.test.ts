import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { unlock } from '../../src/workflows/unlock.ts';
import { houseFor, connectorName as name } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

/** A lock that somebody made by hand, for all domains or for some. */
async function lockBeside(house: MemorySwitchyard, only: readonly string[] = []): Promise<void> {
  const parameters = { Name: 'Old lock', RestrictDomainsToIPAddresses: true, AssociatedAcceptedDomains: only };
  await house.world.exchange.invoke({ cmdlet: 'New-InboundConnector', parameters });
}

/** As somebody does in an outage. */
async function edit(house: MemorySwitchyard, fields: JsonObject): Promise<void> {
  const parameters = { Identity: 'Old lock', ...fields };
  await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
}

async function plannedUnlock(house: MemorySwitchyard): Promise<ProvisioningRequest> {
  await house.say('unlock contoso.com');
  await house.settle();
  return house.request();
}

describe('unlock beside another lock', () => {
  it('says who still refuses, instead of that anybody can deliver', async () => {
    const house = await houseFor('unlock');
    await lockBeside(house);
    const { plan } = await plannedUnlock(house);
    const texts = plan?.warnings.map(({ text }) => text).join(' ');
    expect(texts).toContain('Direct delivery to contoso.com, sales.contoso.com is still refused by Old lock');
    expect(texts).not.toContain('Anybody can then deliver');
  });

  it('proves what can be proven there: that ours is off and another one refuses', async () => {
    const house = await houseFor('unlock');
    await lockBeside(house);
    const before = house.world.clock.now().getTime();
    const request = await house.carryThrough('unlock contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(request.outcome?.message).toContain(`${name} is switched off, and Old lock refuses it now`);
    expect(house.world.clock.now().getTime() - before).toBeLessThan(180_000);
    expect(await house.store.all()).toMatchObject([{ locked: false }]);
  });

  it('names a domain of Microsoft that the other lock refuses too, when it is asked for', async () => {
    const house = await houseFor('unlock');
    await lockBeside(house);
    const world = { ...house.world, setUps: house.store };
    const { warnings } = await unlock.prepare(world, { domain: 'contoso.onmicrosoft.com' });
    expect(warnings.map(({ text }) => text)).toContain(
      'Direct delivery to contoso.com, contoso.onmicrosoft.com, sales.contoso.com is still refused by Old lock.',
    );
  });

  it('says both of a lock that acts for some domains only', async () => {
    const house = await houseFor('unlock');
    await lockBeside(house, ['sales.contoso.com']);
    const { plan } = await plannedUnlock(house);
    const texts = plan?.warnings.map(({ text }) => text).join(' ');
    expect(texts).toContain('Anybody can then deliver to contoso.com past the gateway');
    expect(texts).toContain('Direct delivery to sales.contoso.com is still refused by Old lock');
  });

  it('is refused with the line to run when ours is off already and the other one refuses', async () => {
    const house = await houseFor('unlock');
    await house.carryThrough('unlock contoso.com');
    await lockBeside(house);
    const { state, outcome } = await plannedUnlock(house);
    expect(state).toBe('refused');
    expect(outcome?.message).toContain('still refused by Old lock');
    expect(outcome?.next).toContain("Set-InboundConnector -Identity 'Old lock' -Enabled $false");
  });

  it.each([
    ['comes', async (house: MemorySwitchyard) => lockBeside(house)],
    ['is edited', async (house: MemorySwitchyard) => edit(house, { AssociatedAcceptedDomains: ['contoso.com'] })],
    ['goes', async (house: MemorySwitchyard) => edit(house, { Enabled: false })],
  ])('keeps its approvals when the other lock %s meanwhile: it does the same', async (what, change) => {
    const house = await houseFor('unlock');
    if (what !== 'comes') await lockBeside(house);
    await plannedUnlock(house);
    await change(house);
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', planVersion: 1, outcome: { code: 'proven' } });
    expect((await house.connectors())[0]).toMatchObject({ Name: name, Enabled: false });
  });
});

describe('a mailbox to ask about', () => {
  it.each(['lock down contoso.com', 'unlock contoso.com'])('of another domain is refused: %s', async (text) => {
    const house = await houseFor('unlock');
    const before = (await house.requests()).length;
    const { card } = await house.say(`${text} mailbox ceo@other-customer.example`);
    expect(JSON.stringify(card)).toContain('ceo@other-customer.example is no mailbox of contoso.com');
    expect(await house.requests()).toHaveLength(before);
  });

  it('of the named domain is taken', async () => {
    const house = await houseFor('lock-down');
    await house.say('lock down contoso.com mailbox Ada@Contoso.com');
    await house.settle();
    expect((await house.request()).plan?.facts).toMatchObject({ mailbox: 'ada@contoso.com' });
  });
});
