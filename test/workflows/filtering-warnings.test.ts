import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/adapters/exchange-online/canonical.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import type { Warning } from '../../src/core/workflow.ts';
import type { HostedConnectionFilterPolicy } from '../../src/ports/exchange-policies.ts';
import type { TransportRule } from '../../src/ports/transport-rule.ts';
import type { FakeWorldSeed } from '../support/fake-world.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const guid = 'a0000000-0000-4000-8000-000000000001';

/** A rule that trusts what the gateway delivers, but for the given facts. */
function rule(facts: Partial<TransportRule>): TransportRule {
  const parsed = canonical['Get-TransportRule']({
    Identity: 'Trust the gateway',
    Name: 'Trust the gateway',
    Guid: guid,
    State: 'Enabled',
    Mode: 'Enforce',
    Priority: 0,
    SetSCL: '-1',
  });
  return { ...parsed, ...facts };
}

function filter(facts: Partial<HostedConnectionFilterPolicy>): FakeWorldSeed {
  const policy = { Identity: 'Default', IsDefault: true, IPAllowList: [], IPBlockList: [], EnableSafeList: false };
  return { others: { 'Get-HostedConnectionFilterPolicy': [{ ...policy, ...facts }] } };
}

async function planned(seed: FakeWorldSeed): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard(seed);
  await house.say(setUp);
  await house.settle();
  return house;
}

async function warnings(seed: FakeWorldSeed): Promise<readonly Warning[]> {
  const { plan } = await (await planned(seed)).request();
  return plan?.warnings ?? [];
}

describe('a set-up warns of rules that take the gateway past spam filtering', () => {
  it.each<[string, Partial<TransportRule>]>([
    ['its block', { SenderIpRanges: ['65.99.255.0/24'] }],
    ['one of its addresses', { SenderIpRanges: ['192.0.2.1', '65.99.255.7'] }],
    ['a wider block', { SenderIpRanges: ['65.99.0.0/16'] }],
    ['a range with a dash', { SenderIpRanges: ['65.99.254.1-65.99.255.1'] }],
    ['every address', { FromScope: 'NotInOrganization' }],
    ['every address but one of the gateway', { ExceptIfSenderIpRanges: ['65.99.255.1'] }],
  ])('for %s', async (_name, facts) => {
    expect(await warnings({ transportRules: [rule(facts)] })).toMatchObject([
      { level: 'danger', word: 'weakens-filtering', text: expect.stringContaining('Trust the gateway sets SCL -1') },
    ]);
  });

  it.each<[string, Partial<TransportRule>]>([
    ['is for other addresses', { SenderIpRanges: ['192.0.2.0/24'] }],
    ['excepts the gateway', { ExceptIfSenderIpRanges: ['65.99.0.0/16'] }],
    ['is switched off', { SenderIpRanges: ['65.99.255.0/24'], State: 'Disabled' }],
    ['only watches', { SenderIpRanges: ['65.99.255.0/24'], Mode: 'Audit' }],
    ['is over', { SenderIpRanges: ['65.99.255.0/24'], ExpiryDate: '2020-01-01T00:00:00.000Z' }],
    ['sets another level', { SenderIpRanges: ['65.99.255.0/24'], SetSCL: '6' }],
    ['asks who sends', { SenderDomainIs: ['partner.example'] }],
    ['is for mail from inside', { FromScope: 'InOrganization' }],
  ])('and not when the rule %s', async (_name, facts) => {
    expect(await warnings({ transportRules: [rule(facts)] })).toEqual([]);
  });

  it('in words that say which rule, why, and who does what', async () => {
    const [warning] = await warnings({ transportRules: [rule({ SenderIpRanges: ['65.99.255.0/24'] })] });
    expect(warning?.text).toMatch(
      /65\.99\.255\.0\/24.*Enhanced filtering.*administrator of Exchange disables the rule/u,
    );
  });
});

describe('a set-up whose enhanced filtering is only tried out', () => {
  it('is refused, also when nothing else would have to change', async () => {
    const house = new MemorySwitchyard();
    await house.carryThrough(setUp);
    const [made] = await house.connectors();
    if (!made) throw new Error('nothing was made');
    const again = await planned({ connectors: [{ ...made, EFTestMode: true }] });
    expect(await again.request()).toMatchObject({
      state: 'refused',
      outcome: {
        message: expect.stringMatching(/Inbound from ExchangeDefender.*test mode \(EFTestMode\)/u),
        next: expect.stringContaining('support case'),
      },
    });
  });

  it('is not proven, should the new connector come out that way', async () => {
    const house = await planned({});
    const { exchange } = house.world;
    const read = exchange.get.bind(exchange);
    exchange.get = async (cmdlet, identity) => {
      const found = await read(cmdlet, identity);
      return found && { ...found, EFTestMode: true };
    };
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'undone', outcome: { code: 'proof-failed' } });
  });

  it('is told of when it is another connector', async () => {
    const other = { Name: 'Old gateway', EFTestMode: true };
    expect(await warnings({ connectors: [other] })).toMatchObject([
      { level: 'notice', text: expect.stringMatching(/Old gateway is in test mode.*support case/u) },
    ]);
  });
});

describe('a set-up looks at the connection filter', () => {
  it.each([['65.99.255.7'], ['65.99.255.0/24'], ['65.99.254.200-65.99.255.3']])(
    'and warns when %s is allowed',
    async (entry) => {
      expect(await warnings(filter({ IPAllowList: ['192.0.2.1', entry] }))).toMatchObject([
        { level: 'danger', word: 'weakens-filtering', text: expect.stringContaining(`Default allows ${entry},`) },
      ]);
    },
  );

  it('and warns when an address of the gateway is blocked, unless it is allowed as well', async () => {
    const blocked = filter({ IPBlockList: ['65.99.255.7'] });
    expect(await warnings(blocked)).toMatchObject([
      { level: 'danger', word: 'refuses-mail', text: expect.stringContaining('Default blocks 65.99.255.7') },
    ]);
    const both = filter({ IPBlockList: ['65.99.255.7'], IPAllowList: ['65.99.255.0/28'] });
    expect(await warnings(both)).toMatchObject([{ word: 'weakens-filtering' }]);
  });

  it('and tells that a safe list nobody can see is used', async () => {
    expect(await warnings(filter({ EnableSafeList: true }))).toMatchObject([
      { level: 'notice', text: expect.stringContaining('EnableSafeList') },
    ]);
  });

  it('and says nothing of entries for others', async () => {
    expect(await warnings(filter({ IPAllowList: ['192.0.2.1'], IPBlockList: ['198.51.100.0/24'] }))).toEqual([]);
  });

  it('and says so when it may not be read', async () => {
    const house = new MemorySwitchyard();
    const detail = { operation: 'Get-HostedConnectionFilterPolicy', next: '', reason: 'directory-role' } as const;
    house.world.exchange.fail('Get-HostedConnectionFilterPolicy', new TenantAccessError('Not allowed.', detail));
    await house.say(setUp);
    await house.settle();
    expect((await house.request()).plan?.warnings).toMatchObject([
      { level: 'notice', text: expect.stringContaining('is not known') },
    ]);
  });
});
