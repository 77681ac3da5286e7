import { describe, expect, it, vi } from 'vitest';
import { UnavailableError } from '../../src/core/errors.ts';
import type { Plan } from '../../src/core/plan.ts';
import { makePlan } from '../../src/core/planner.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import type { TraceRow } from '../../src/ports/exchange-questions.ts';
import { lockDown } from '../../src/workflows/lock-down.ts';
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
  const unreadable = new UnavailableError('Exchange did not answer.', { operation: 'trace', next: 'Ask again later.' });
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

  function noticesOf({ plan }: ProvisioningRequest): string {
    return (plan?.warnings ?? [])
      .filter(({ level }) => level === 'notice')
      .map(({ text }) => text)
      .join('\n');
  }

  function dangersOf({ plan }: ProvisioningRequest): string {
    return (plan?.warnings ?? [])
      .filter(({ level }) => level === 'danger')
      .map(({ text }) => text)
      .join('\n');
  }

  it('warns that mail for all of them is cut, and says where the MX of those that had mail points', async () => {
    const house = await withMail([row('a@news.contoso.com'), row('b@NEWS.contoso.com'), row('c@sales.contoso.com')]);
    house.world.dns.setMx('news.contoso.com', [gatewayMx]);
    const request = await asked(house);
    expect(request).toMatchObject({
      state: 'awaiting-approval',
      plan: { facts: { domainsWithAllBelow: ['contoso.com'] } },
    });
    expect(dangersOf(request)).toMatch(/contoso\.com takes mail for every name below it/u);
    expect(noticesOf(request)).toContain('Their MX points at the gateway: news.contoso.com.');
  });

  it('names as a danger those that point at Office 365, before the others', async () => {
    const house = await withMail([row('a@news.contoso.com'), row('b@em.contoso.com')]);
    house.world.dns.setMx('news.contoso.com', [gatewayMx, office]);
    house.world.dns.setMx('em.contoso.com', ['mx.sendgrid.example']);
    const request = await asked(house);
    expect(request.state).toBe('awaiting-approval');
    expect(dangersOf(request)).toMatch(
      /MX points at Office 365, so mail for them is cut.*: news\.contoso\.com\. Their MX points elsewhere: em\.contoso\.com\./u,
    );
  });

  it.each([
    [['mx.sendgrid.example'], 'Their MX points elsewhere: em.contoso.com.'],
    ['nxdomain', 'They have no MX: em.contoso.com.'],
    [[''], 'They have no MX: em.contoso.com.'],
    ['servfail', 'resolvers did not answer alike: em.contoso.com.'],
    ['timeout', 'resolvers did not answer alike: em.contoso.com.'],
  ] as const)('is not held up by mail that somebody sent to a name with the MX %j', async (mx, said) => {
    const house = await withMail([row('x@em.contoso.com')]);
    house.world.dns.setMx('em.contoso.com', mx);
    const request = await asked(house);
    expect(request.state).toBe('awaiting-approval');
    expect(`${dangersOf(request)}\n${noticesOf(request)}`).toContain(said);
  });

  it('names none that mail was refused for, that people of the tenant wrote to, or that cannot be names', async () => {
    const house = await withMail([
      row('b@spam.contoso.com', { Status: 'Failed' }),
      row('c@own.contoso.com', { FromIP: null }),
      row('d@a_b.contoso.com'),
    ]);
    const request = await asked(house);
    expect(request.state).toBe('awaiting-approval');
    expect(noticesOf(request)).toContain('No name below contoso.com had mail in the last days.');
  });

  it('looks up those with most mail, so that letters to many names do not hide one in daily use', async () => {
    const strangers = Array.from({ length: 60 }, (_, index) => row(`x@a${index}.contoso.com`));
    const house = await withMail([
      ...strangers,
      row('a@news.contoso.com', { MessageTraceId: 'one' }),
      row('a@news.contoso.com', { MessageTraceId: 'two' }),
    ]);
    house.world.dns.setMx('news.contoso.com', [office]);
    const dangers = dangersOf(await asked(house));
    expect(dangers).toMatch(/Office 365, so mail for them is cut[^:]*: news\.contoso\.com\./u);
    expect(dangers).toContain('11 more had mail and were not looked up.');
  });

  it('says from when on, where there is more mail than can be read', async () => {
    const house = await withMail(Array.from({ length: 5000 }, (_, index) => row(`a${index}@contoso.com`)));
    expect(noticesOf(await asked(house))).toMatch(
      /No name below contoso\.com had mail.* What came before 2026-11-20T10:00:00\.000Z was too much to read\./u,
    );
  });

  it('says that they are not known when the message trace cannot be read', async () => {
    const house = await withMail([]);
    house.world.exchange.fail('Get-MessageTraceV2', unreadable, { times: 20 });
    const request = await asked(house);
    expect(request.state).toBe('awaiting-approval');
    expect(dangersOf(request)).toMatch(
      /Which names below contoso\.com get mail is not known.*Exchange did not answer/u,
    );
  });

  it('has the same digest whatever mail there was, and whether or not it can be read', async () => {
    const house = await withMail([]);
    const request = await asked(house);
    const again = async (): Promise<Plan> => {
      const world = { ...house.world, setUps: house.store };
      const planning = await makePlan(lockDown, world, { ...request, plan: null }, request.plan?.policy ?? '');
      if (planning.kind !== 'plan') throw new Error(planning.outcome.message);
      return planning.plan;
    };
    house.world.dns.setMx('news.contoso.com', [office]);
    vi.spyOn(house.world.exchange, 'ask').mockResolvedValueOnce([row('a@news.contoso.com'), row('x@a1.contoso.com')]);
    const busy = await again();
    house.world.exchange.fail('Get-MessageTraceV2', unreadable, { times: 1 });
    const unread = await again();
    const texts = [request.plan, busy, unread].map((plan) => JSON.stringify(plan?.warnings));
    expect(new Set(texts).size).toBe(3);
    expect([busy.digest, unread.digest]).toEqual([request.plan?.digest, request.plan?.digest]);
  });

  it('reads the message trace once, however often the plan is made again', async () => {
    const house = await withMail([row('a@news.contoso.com')]);
    const questions = vi.spyOn(house.world.exchange, 'ask');
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'done' });
    expect(questions.mock.calls.filter(([cmdlet]) => cmdlet === 'Get-MessageTraceV2')).toHaveLength(1);
    expect(request.plan?.warnings.map(({ text }) => text).join('\n')).toContain('went to names below contoso.com');
  });

  it('says nothing of it where no domain does so', async () => {
    const request = await asked(await prepared());
    expect(request.plan?.facts).toMatchObject({ domainsWithAllBelow: [] });
    expect(`${dangersOf(request)}\n${noticesOf(request)}`).not.toContain('below');
  });
});
