import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/core/errors.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { TraceRow } from '../../src/ports/exchange-questions.ts';
import type { FakeExchangeSeed } from '../support/fake-exchange.ts';
import { gatewayMx, MemorySwitchyard } from '../support/memory-switchyard.ts';

const name = 'Switchyard - Inbound from ExchangeDefender';

async function prepared(seed: FakeExchangeSeed = {}): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard(seed);
  await house.carryThrough('set up gateway exchangedefender for contoso.com');
  house.moveMx();
  return house;
}

async function asked(house: MemorySwitchyard): Promise<ProvisioningRequest> {
  await house.say('lock down contoso.com');
  await house.settle();
  return house.request();
}

describe('lock-down of a connector that would refuse the gateway too', () => {
  const refusing = {
    RestrictDomainsToCertificate: { RestrictDomainsToCertificate: true, TlsSenderCertificateName: 'gate.example' },
    TlsSenderCertificateName: { TlsSenderCertificateName: 'gate.example' },
    CloudServicesMailEnabled: { CloudServicesMailEnabled: true },
    TreatMessagesAsInternal: { TreatMessagesAsInternal: true },
  };

  it.each(Object.entries(refusing))('is refused when somebody has set %s', async (field, fields) => {
    const house = await prepared();
    const parameters = { Identity: name, ...fields };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    const { state, outcome } = await asked(house);
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'connector-as-planned' });
    expect(outcome?.blockers).toMatchObject([{ fact: expect.stringContaining(`${field} is `) }]);
  });

  it('is not called done when the lock is on and refuses the gateway', async () => {
    const house = await prepared();
    await house.carryThrough('lock down contoso.com');
    const parameters = { Identity: name, ...refusing.RestrictDomainsToCertificate };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    expect(await asked(house)).toMatchObject({ state: 'refused', outcome: { code: 'connector-as-planned' } });
  });
});

describe('lock-down with addresses that are no longer those of the gateway', () => {
  async function withRanges(ranges: readonly string[]): Promise<MemorySwitchyard> {
    const house = await prepared();
    const [setUp] = await house.store.all();
    if (!setUp) throw new Error('there is no set-up');
    house.store.keep({ ...setUp, ranges, gatewayVersion: '0' });
    const parameters = { Identity: name, SenderIPAddresses: [...ranges] };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    return house;
  }

  it('is refused, and names those that the gateway delivers from by now', async () => {
    const { state, outcome } = await asked(await withRanges(['203.0.113.0/24']));
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'refused' });
    expect(outcome?.message).toMatch(
      /it also delivers from 65\.99\.255\.0\/24.*no longer delivers from 203\.0\.113\.0\/24/u,
    );
    expect(outcome?.next).toContain('set up gateway exchangedefender for contoso.com');
  });

  it('is refused also when an address is only too many', async () => {
    const { outcome } = await asked(await withRanges(['203.0.113.0/24', '65.99.255.0/24']));
    expect(outcome?.message).toContain('it no longer delivers from 203.0.113.0/24');
  });

  it('names the version of the catalogue whose addresses it locks to', async () => {
    const house = await prepared();
    const [setUp] = await house.store.all();
    expect(setUp).toMatchObject({ gatewayVersion: '1' });
    if (setUp) house.store.keep({ ...setUp, gatewayVersion: '0' });
    expect((await asked(house)).plan).toMatchObject({
      profile: 'exchangedefender@0',
      facts: { gatewayVersion: '0' },
    });
  });

  it('goes on with the typed addresses of a generic gateway, which the catalogue does not know', async () => {
    const house = new MemorySwitchyard({ smtp: {} });
    await house.carryThrough('set up gateway generic for contoso.com ranges 198.51.100.7 mx mx1.gate.example');
    house.moveMx();
    expect((await asked(house)).outcome?.code).not.toBe('refused');
  });
});

describe('lock-down of a domain that takes mail for its sub-domains', () => {
  const acceptedDomains = [{ DomainName: 'contoso.com', MatchSubDomains: true }, 'sales.contoso.com'];
  const office = 'news-contoso-com.mail.protection.outlook.com';

  function row(RecipientAddress: string, facts: Partial<TraceRow> = {}): TraceRow {
    return {
      MessageTraceId: RecipientAddress,
      MessageId: `<${RecipientAddress}>`,
      Received: '2026-11-20T10:00:00.000Z',
      SenderAddress: 'a@outside.example',
      RecipientAddress,
      Status: 'Delivered',
      FromIP: '65.99.255.7',
      ToIP: null,
      ...facts,
    };
  }

  async function withMail(rows: readonly TraceRow[]): Promise<MemorySwitchyard> {
    return prepared({ acceptedDomains, others: { 'Get-MessageTraceV2': [...rows] } });
  }

  function dangersOf({ plan }: ProvisioningRequest): string {
    return (plan?.warnings ?? [])
      .filter(({ level }) => level === 'danger')
      .map(({ text }) => text)
      .join('\n');
  }

  it('warns that mail for all of them is cut, and asks for the MX of those that had mail', async () => {
    const house = await withMail([row('a@news.contoso.com'), row('b@NEWS.contoso.com'), row('c@sales.contoso.com')]);
    house.world.dns.setMx('news.contoso.com', [gatewayMx]);
    const request = await asked(house);
    expect(request).toMatchObject({
      state: 'awaiting-approval',
      plan: { facts: { domainsWithAllBelow: ['contoso.com'], subDomains: ['news.contoso.com'] } },
    });
    expect(dangersOf(request)).toMatch(/contoso\.com takes mail for every name below it.*news\.contoso\.com/u);
    const mx = request.plan?.guards.find(({ finding }) => finding.check === 'mx-at-gateway');
    expect(Object.keys(mx?.finding.evidence ?? {})).toContain('news.contoso.com');
  });

  it('is refused while one of them points at Office 365', async () => {
    const house = await withMail([row('a@news.contoso.com')]);
    house.world.dns.setMx('news.contoso.com', [office]);
    const { state, outcome } = await asked(house);
    expect({ state, code: outcome?.code }).toEqual({ state: 'refused', code: 'mx-at-gateway' });
    expect(outcome?.blockers).toMatchObject([{ fact: expect.stringContaining(office) }]);
  });

  it('is not held up by names that nobody can send to by MX, were refused, or cannot be names', async () => {
    const house = await withMail([
      row('a@old.contoso.com'),
      row('b@spam.contoso.com', { Status: 'Failed' }),
      row('c@own.contoso.com', { FromIP: null }),
      row('d@a_b.contoso.com'),
    ]);
    house.world.dns.setMx('old.contoso.com', 'nxdomain');
    house.world.dns.setMx('spam.contoso.com', [office]);
    house.world.dns.setMx('own.contoso.com', [office]);
    expect(await asked(house)).toMatchObject({
      state: 'awaiting-approval',
      plan: { facts: { subDomains: ['old.contoso.com'] } },
    });
  });

  it('says that they are not known when the message trace cannot be read', async () => {
    const house = await withMail([]);
    const error = new UnavailableError('Exchange did not answer.', { operation: 'trace', next: 'Ask again later.' });
    house.world.exchange.fail('Get-MessageTraceV2', error, { times: 20 });
    const request = await asked(house);
    expect(request.plan?.facts).toMatchObject({ subDomains: null });
    expect(dangersOf(request)).toMatch(/Which of them get mail is not known.*Exchange did not answer/u);
  });

  it('reads no message trace for it, and says nothing, where no domain does so', async () => {
    const request = await asked(await prepared());
    expect(request.plan?.facts).toMatchObject({ domainsWithAllBelow: [], subDomains: [] });
    expect(dangersOf(request)).not.toContain('below');
  });
});
