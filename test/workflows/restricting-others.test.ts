import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const bank = {
  Name: 'Bank',
  SenderDomains: ['bank.example'],
  SenderIPAddresses: ['203.0.113.9'],
  RestrictDomainsToIPAddresses: true,
};

async function planned(connector: Partial<InboundConnector>): Promise<Plan> {
  const house = new MemorySwitchyard({ connectors: [{ ...bank, ...connector }] });
  await house.say('set up gateway exchangedefender for contoso.com');
  await house.settle();
  const { plan } = await house.request();
  if (!plan) throw new Error('there is no plan');
  return plan;
}

describe('a set-up beside a connector that restricts', () => {
  it('warns that mail of its sender domains is refused once it comes through the gateway', async () => {
    const { warnings, facts, reach } = await planned({});
    expect(warnings).toMatchObject([{ level: 'danger', word: 'refuses-mail' }]);
    expect(warnings[0]?.text).toMatch(/^Bank takes mail of bank\.example only from .*refused \(5\.7\.51\)/u);
    expect(facts).toMatchObject({ restrictions: ['Bank: mail of bank.example'] });
    expect(reach?.neighbours).toMatchObject([
      { object: { identity: 'Bank' }, why: expect.stringContaining('refuses') },
    ]);
  });

  it('says so of one that restricts by certificate, and to some recipients', async () => {
    const { facts } = await planned({
      RestrictDomainsToIPAddresses: false,
      RestrictDomainsToCertificate: true,
      AssociatedAcceptedDomains: ['sales.contoso.com'],
    });
    expect(facts).toMatchObject({ restrictions: ['Bank: mail of bank.example to sales.contoso.com'] });
  });

  it('calls it no danger when it takes mail from the addresses of the gateway, and binds the approval to that', async () => {
    const { warnings, facts } = await planned({ SenderDomains: ['*'], SenderIPAddresses: ['65.99.255.0/24'] });
    expect(warnings).toMatchObject([
      { level: 'notice', text: expect.stringContaining('refuses direct delivery already') },
    ]);
    expect(facts).toMatchObject({ restrictions: ['Bank: mail of all senders, also from the gateway'] });
  });

  it.each([{ Enabled: false }, { RestrictDomainsToIPAddresses: false }])(
    'does not warn of one that refuses nothing: %o',
    async (connector) => {
      expect(await planned(connector)).toMatchObject({ warnings: [], facts: { restrictions: [] } });
    },
  );

  it('is planned anew when the restriction appears after the approval was asked for', async () => {
    const house = new MemorySwitchyard({ connectors: [{ ...bank, RestrictDomainsToIPAddresses: false }] });
    await house.say('set up gateway exchangedefender for contoso.com');
    await house.settle();
    const parameters = { Identity: 'Bank', RestrictDomainsToIPAddresses: true };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', planVersion: 2 });
  });
});
