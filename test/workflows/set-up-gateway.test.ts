import { describe, expect, it } from 'vitest';
import { locked } from '../support/fake-smtp.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const name = 'Switchyard - Inbound from ExchangeDefender';
const ranges = ['65.99.255.0/24'];
const foreign = { Name: 'Old gateway', SenderIPAddresses: ['192.0.2.1'], RestrictDomainsToIPAddresses: true };

describe('set-up-gateway', () => {
  it('leaves the connector of the gateway behind, switched off, restricted and marked', async () => {
    const house = new MemorySwitchyard();
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await house.connectors()).toMatchObject([
      {
        Name: name,
        ConnectorType: 'Partner',
        SenderDomains: ['*'],
        RequireTls: true,
        RestrictDomainsToIPAddresses: true,
        SenderIPAddresses: ranges,
        Enabled: false,
        EFSkipLastIP: false,
        EFSkipIPs: ranges,
        Comment: expect.stringContaining('[switchyard:exchangedefender]'),
      },
    ]);
    expect(house.sent()).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
    expect(await house.store.all()).toMatchObject([{ connector: name, locked: false, health: 'proven', ranges }]);
    expect(house.defects).toEqual([]);
  });

  it('takes the addresses of mailprotector from the catalogue', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough('set up gateway mailprotector for contoso.com');
    const addresses = ['52.0.31.31', '52.0.70.91', '52.0.74.211'];
    expect(await house.connectors()).toMatchObject([{ SenderIPAddresses: addresses, EFSkipIPs: addresses }]);
  });

  it('takes the addresses of a generic gateway as they were typed, split into blocks Exchange takes', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(
      'set up gateway generic for contoso.com ranges 203.0.112.0/23, 198.51.100.7 mx mx1.gate.example',
    );
    const blocks = ['198.51.100.7', '203.0.112.0/24', '203.0.113.0/24'];
    expect(await house.connectors()).toMatchObject([{ SenderIPAddresses: blocks, EFSkipIPs: blocks }]);
    expect(await house.store.all()).toMatchObject([{ gateway: 'generic', mxPatterns: ['^mx1\\.gate\\.example$'] }]);
  });

  it('is refused for typed addresses that cannot be used, with the reason for each', async () => {
    const house = new MemorySwitchyard();
    await house.say('set up gateway generic for contoso.com ranges 10.0.0.1, 203.0.113.1/24 mx mx1.gate.example');
    await house.settle();
    const { state, outcome } = await house.request();
    expect(state).toBe('refused');
    expect(outcome?.message).toMatch(/10\.0\.0\.1.*private.*203\.0\.113\.1\/24/u);
  });

  it('is refused when addresses are typed for a gateway whose addresses are known', async () => {
    const house = new MemorySwitchyard();
    await house.say(`${setUp} ranges 203.0.113.0/24`);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'refused' } });
    expect(house.sent()).toEqual([]);
  });

  it('leaves connectors of others alone and warns of a lock that would refuse the gateway', async () => {
    const house = new MemorySwitchyard({ connectors: [foreign] });
    await house.say(setUp);
    await house.settle();
    const { plan } = await house.request();
    expect(plan?.warnings[0]).toMatchObject({ level: 'danger', text: expect.stringContaining('Old gateway') });
    await house.click('approve', ada);
    await house.settle();
    expect(await house.connectors()).toMatchObject([foreign, { Name: name }]);
  });

  it('says of an OnPremises connector with a restriction that it locks nothing', async () => {
    const house = new MemorySwitchyard({ connectors: [{ ...foreign, ConnectorType: 'OnPremises' }] });
    await house.say(setUp);
    await house.settle();
    const { plan } = await house.request();
    expect(plan?.warnings).toMatchObject([{ level: 'notice', text: expect.stringContaining('refuses nothing') }]);
  });

  it('does not touch a connector of the same name that is not ours', async () => {
    const house = new MemorySwitchyard({ connectors: [{ Name: name, Comment: 'by hand' }] });
    await house.say(setUp);
    await house.settle();
    const { outcome } = await house.request();
    expect(outcome?.message).toContain('carries no mark of Switchyard');
    expect(outcome?.next).toContain(`Set-InboundConnector -Identity '${name}' -Comment '[switchyard:exchangedefender]`);
  });

  it('brings a drifted connector of ours back, and has nothing to do when asked once more', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(setUp);
    const parameters = { Identity: name, SenderIPAddresses: ['203.0.113.9'], RequireTls: false };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    const request = await house.carryThrough(setUp);
    expect(request.plan?.changes).toMatchObject([{ action: 'update' }]);
    expect(await house.connectors()).toMatchObject([{ SenderIPAddresses: ranges, RequireTls: true }]);
    await house.say(setUp);
    await house.settle();
    expect((await house.request()).state).toBe('nothing-to-do');
  });

  it('widens a connector of ours that somebody has narrowed to some domains or recipients', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(setUp);
    const narrowed = { AssociatedAcceptedDomains: ['contoso.com'], EFUsers: ['ann@contoso.com'] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...narrowed } });
    const request = await house.carryThrough(setUp);
    const fields = Object.entries(narrowed).map(([field, before]) => ({ field, before, after: [] }));
    expect(request.plan?.changes).toMatchObject([{ action: 'update', fields }]);
    expect(await house.connectors()).toMatchObject([{ AssociatedAcceptedDomains: [], EFUsers: [] }]);
  });

  it('takes away what else somebody has set on a connector of ours that would refuse the gateway', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(setUp);
    const spoilt = { RestrictDomainsToCertificate: true, TlsSenderCertificateName: 'gate.example' };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...spoilt } });
    expect(await house.carryThrough(setUp)).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(await house.connectors()).toMatchObject([
      { RestrictDomainsToCertificate: false, TlsSenderCertificateName: null, SenderIPAddresses: ranges },
    ]);
  });

  it('marks the switch-off of a lock that is on as risky', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(setUp);
    house.moveMx();
    await house.carryThrough('lock down contoso.com');
    await house.say(setUp);
    await house.settle();
    const { plan } = await house.request();
    expect(plan?.changes).toMatchObject([{ risky: true, fields: [{ field: 'Enabled', before: true, after: false }] }]);
    expect(plan?.warnings[0]).toMatchObject({ level: 'danger', text: expect.stringContaining('the lock is lifted') });
    expect(plan?.untouched.join(' ')).not.toContain('switched on');
  });

  it('is refused for a domain that the tenant no longer accepts mail for', async () => {
    const house = new MemorySwitchyard({ acceptedDomains: ['fabrikam.com'] });
    await house.say(setUp);
    await house.settle();
    expect((await house.request()).outcome).toMatchObject({
      message: 'contoso.com is not an accepted domain of contoso.',
      next: expect.stringContaining('fabrikam.com'),
    });
  });

  it('asks nothing of the gateway, whose mail exchangers may still refuse', async () => {
    const house = new MemorySwitchyard({ smtp: { [gatewayMx]: locked } });
    expect((await house.carryThrough(setUp)).state).toBe('done');
  });
});
