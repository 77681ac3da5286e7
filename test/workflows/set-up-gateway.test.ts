import { describe, expect, it } from 'vitest';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const name = 'Switchyard - Inbound from ExchangeDefender';
const ranges = ['65.99.255.0/24'];

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
  void gatewayMx;
});
