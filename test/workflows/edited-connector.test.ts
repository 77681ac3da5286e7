import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { inboundConnector } from '../support/fake-exchange.ts';
import { houseFor, connectorName as name, setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const mark = '[switchyard:exchangedefender] as it was';
const turnOff = `Set-InboundConnector -Identity '${name}' -Enabled $false`;

async function edit(house: MemorySwitchyard, fields: JsonObject, identity = name): Promise<void> {
  await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: identity, ...fields } });
}

async function asked(house: MemorySwitchyard, text: string): Promise<ProvisioningRequest> {
  await house.say(text);
  await house.settle();
  return house.request();
}

async function isOn(house: MemorySwitchyard, one = name): Promise<boolean | undefined> {
  return (await house.connectors()).find(({ Name }) => Name === one)?.Enabled;
}

/** As somebody would who removes the connector and makes one of the same name. */
async function replace(house: MemorySwitchyard, fields: JsonObject): Promise<void> {
  const parameters = { Identity: name, Confirm: false };
  await house.world.exchange.invoke({ cmdlet: 'Remove-InboundConnector', parameters });
  const { Identity: _identity, Guid: _guid, ...others } = inboundConnector({ Name: name });
  await house.world.exchange.invoke({ cmdlet: 'New-InboundConnector', parameters: { ...others, ...fields } });
}

async function lockBeside(house: MemorySwitchyard, fields: JsonObject): Promise<void> {
  const parameters = { Name: 'Defender inbound', RestrictDomainsToIPAddresses: true, ...fields };
  await house.world.exchange.invoke({ cmdlet: 'New-InboundConnector', parameters });
}

describe('unlock of a connector that somebody has edited', () => {
  it('works when only its comment was changed, and says so', async () => {
    const house = await houseFor('unlock');
    await edit(house, { Comment: 'ticket 4711' });
    const { state, plan } = await house.carryThrough('unlock contoso.com');
    expect(state).toBe('done');
    expect(plan?.warnings.map(({ text }) => text).join(' ')).toContain('“ticket 4711”');
    expect(await isOn(house)).toBe(false);
  });

  it.each([
    ['', {}],
    [' and its comment', { Comment: 'ticket 4711' }],
  ])('works when its name%s was changed', async (_also, more) => {
    const house = await houseFor('unlock');
    await edit(house, { Name: 'Defender inbound', ...more });
    const { state, plan } = await house.carryThrough('unlock contoso.com');
    expect(state).toBe('done');
    expect(plan?.warnings.map(({ text }) => text).join(' ')).toContain('Defender inbound');
    expect(await isOn(house, 'Defender inbound')).toBe(false);
    expect(await house.store.all()).toMatchObject([{ locked: false, connector: 'Defender inbound' }]);
  });

  it('takes the one with our mark that refuses mail, whichever has the name, and says so', async () => {
    const house = await houseFor('unlock');
    await replace(house, { Comment: mark, Enabled: false });
    await lockBeside(house, { Comment: mark });
    const { state, plan } = await house.carryThrough('unlock contoso.com');
    expect(state).toBe('done');
    expect(plan?.warnings.map(({ text }) => text)).toContain(
      `Defender inbound carries our mark, so it is taken for the one that was known as ${name}.`,
    );
    expect(await isOn(house, 'Defender inbound')).toBe(false);
    expect(await house.store.all()).toMatchObject([{ locked: false, connector: 'Defender inbound' }]);
  });

  it('leaves one that refuses mail and has no mark to an administrator', async () => {
    const house = await houseFor('unlock');
    await replace(house, { Comment: mark, Enabled: false });
    await lockBeside(house, { Comment: 'by hand' });
    const { state, outcome } = await asked(house, 'unlock contoso.com');
    expect(state).toBe('refused');
    expect(outcome?.next).toContain("Set-InboundConnector -Identity 'Defender inbound' -Enabled $false");
  });

  it('is refused with the line to run when another connector has taken its name', async () => {
    const house = await houseFor('unlock');
    await replace(house, { RestrictDomainsToIPAddresses: true });
    const { state, outcome } = await asked(house, 'unlock contoso.com');
    expect(state).toBe('refused');
    expect(outcome?.message).toContain(`still refused by ${name}`);
    expect(outcome?.next).toContain(turnOff);
    expect(outcome?.next).not.toContain('set up gateway');
  });

  it('is refused with the lines to run when ours is gone and other locks are on', async () => {
    const house = await houseFor('unlock');
    await replace(house, { Name: "Bob's lock", RestrictDomainsToIPAddresses: true });
    const { outcome } = await asked(house, 'unlock contoso.com');
    expect(outcome?.message).toContain(`${name} is no longer in contoso`);
    expect(outcome?.next).toContain("Set-InboundConnector -Identity 'Bob''s lock' -Enabled $false");
  });

  it('is refused without a line to run when nothing refuses direct delivery any more', async () => {
    const house = await houseFor('unlock');
    await replace(house, { Name: 'harmless' });
    const { state, outcome } = await asked(house, 'unlock contoso.com');
    expect(state).toBe('refused');
    expect(outcome?.message).toContain('No connector refuses direct delivery to contoso.com');
    expect(outcome?.next).not.toContain('Set-InboundConnector');
  });
});

describe('lock-down of a connector that somebody has edited', () => {
  it('is refused with the line that puts the mark back', async () => {
    const house = await houseFor('lock-down');
    await edit(house, { Comment: 'ticket 4711' });
    const { state, outcome } = await asked(house, 'lock down contoso.com');
    expect(state).toBe('refused');
    expect(outcome?.message).toContain(name);
    expect(outcome?.next).toContain(`Set-InboundConnector -Identity '${name}' -Comment '[switchyard:exchangedefender]`);
    expect(outcome?.next).not.toContain('set up gateway');
    await edit(house, { Comment: mark });
    expect((await asked(house, 'lock down contoso.com')).state).toBe('awaiting-approval');
  });

  it('takes the connector under its new name', async () => {
    const house = await houseFor('lock-down');
    await edit(house, { Name: 'Defender inbound' });
    expect((await house.carryThrough('lock down contoso.com')).outcome?.code).toBe('proven');
    expect(await isOn(house, 'Defender inbound')).toBe(true);
  });

  it('is refused when the connector is gone, and says how to get one', async () => {
    const house = await houseFor('lock-down');
    await replace(house, { Name: 'another' });
    const { outcome } = await asked(house, 'lock down contoso.com');
    expect(outcome?.message).toContain(`${name} is no longer in contoso`);
    expect(outcome?.next).toContain('set up gateway exchangedefender for contoso.com');
  });
});

describe('set-up asked for again after somebody has edited the connector', () => {
  it('takes the locked one under its new name, and unlock still finds it afterwards', async () => {
    const house = await houseFor('unlock');
    await edit(house, { Name: 'Defender inbound' });
    const { state, plan } = await asked(house, setUp);
    expect(state).toBe('awaiting-approval');
    expect(plan?.changes).toMatchObject([
      { action: 'update', object: { identity: 'Defender inbound' }, fields: [{ field: 'Enabled', after: false }] },
    ]);
    expect(plan?.warnings.map(({ text }) => text)).toContain(
      `${name} is called Defender inbound now, and keeps that name.`,
    );
    await house.click('deny', ada);
    expect((await house.carryThrough('unlock contoso.com')).state).toBe('done');
    expect(await isOn(house, 'Defender inbound')).toBe(false);
  });

  it('makes no second connector, and keeps the Guid by which it is known', async () => {
    const house = await houseFor('lock-down');
    await edit(house, { Name: 'Defender inbound', RequireTls: false });
    expect((await house.carryThrough(setUp)).outcome?.code).toBe('proven');
    const [connector, ...more] = await house.connectors();
    expect(connector).toMatchObject({ Name: 'Defender inbound', RequireTls: true });
    expect(more).toEqual([]);
    expect(await house.store.all()).toMatchObject([{ connector: 'Defender inbound', guid: connector?.Guid }]);
  });

  it('is refused with the line that puts the mark back, when only its Guid still tells that it is ours', async () => {
    const house = await houseFor('unlock');
    await edit(house, { Name: 'Defender inbound', Comment: 'ticket 4711' });
    const { state, outcome } = await asked(house, setUp);
    expect(state).toBe('refused');
    expect(outcome?.message).toContain('Defender inbound');
    expect(outcome?.next).toContain("Set-InboundConnector -Identity 'Defender inbound' -Comment '[switchyard:");
  });

  it('takes the only connector with our mark where no set-up is recorded', async () => {
    const house = new MemorySwitchyard({
      connectors: [{ Name: 'Defender inbound', Comment: mark }],
    });
    const { plan } = await asked(house, setUp);
    expect(plan?.changes).toMatchObject([{ action: 'update', object: { identity: 'Defender inbound' } }]);
  });
});
