import { describe, expect, it } from 'vitest';
import { mxAtGateway } from '../../src/checks/mx-at-gateway.ts';
import type { FakeMx } from '../support/fake-dns.ts';
import { fakeWorld } from '../support/fake-world.ts';

const mxPatterns = ['(^|\\.)exchangedefender\\.com$'];
const gateway = 'inbound30.exchangedefender.com';
const office = 'contoso-com.mail.protection.outlook.com';

function check(dns: Record<string, FakeMx>, { resolvers = ['r1', 'r2'], domains = Object.keys(dns) } = {}) {
  return mxAtGateway.run(fakeWorld({ dns, resolvers }), { domains, mxPatterns });
}

describe('checks/mx-at-gateway', () => {
  it('passes when all resolvers see only the gateway for all domains', async () => {
    const finding = await check({
      'contoso.com': [gateway],
      'sales.contoso.com': [gateway, 'inbound31.exchangedefender.com'],
    });

    expect(finding).toMatchObject({ check: 'mx-at-gateway', status: 'pass', remedy: '' });
    expect(finding.fact).toContain('2 resolvers see only inbound30.exchangedefender.com for contoso.com');
  });

  it('fails while one resolver still answers Office 365, naming it and the time left', async () => {
    const world = fakeWorld({ dns: { 'contoso.com': { r1: [gateway], r2: [office] } }, resolvers: ['r1', 'r2'] });
    world.dns.ttlSeconds = 2500;

    const finding = await mxAtGateway.run(world, { domains: ['contoso.com'], mxPatterns });

    expect(finding.status).toBe('fail');
    expect(finding.fact).toContain(`Resolver r2 still answers ${office} for contoso.com, for up to 42 min`);
    expect(finding.fact).not.toContain('r1');
    expect(finding.remedy).toContain('contoso.com');
  });

  it('says once what several resolvers answer alike, and once what to do for several domains', async () => {
    const finding = await check({ 'contoso.com': [office], 'sales.contoso.com': [office] });

    expect(finding.fact).toContain(`Resolvers r1 and r2 still answer ${office} for contoso.com, for up to`);
    expect(finding.fact.match(/While one points at Office 365/gu)).toHaveLength(1);
    expect(finding.remedy).toMatch(/^Whoever manages the DNS of contoso\.com and sales\.contoso\.com leaves only/u);
  });

  const failing: Record<string, FakeMx> = {
    'an Office 365 backup of high preference': [`10 ${gateway}`, `500 ${office}`],
    'a host of another gateway': ['mx1.oldgate.example'],
    'another host beside the gateway': [gateway, 'mx1.oldgate.example'],
    'a null MX': [''],
    'no MX record': 'nodata',
    'no such domain': 'nxdomain',
    'no MX for one, no domain for the other': { r1: 'nodata', r2: 'nxdomain' },
    'Office 365 at one resolver and silence at the other': { r1: [office], r2: 'timeout' },
  };
  it.each(Object.entries(failing))('fails on %s', async (_what, answer) => {
    expect(await check({ 'contoso.com': answer })).toMatchObject({ status: 'fail' });
  });

  const unknown: Record<string, FakeMx> = {
    'one silent resolver of two': { r1: [gateway], r2: 'timeout' },
    'one failing resolver of two': { r1: [gateway], r2: 'servfail' },
    'two silent resolvers': 'timeout',
    'resolvers that refuse': 'refused',
    'the gateway at one and no record at the other': { r1: [gateway], r2: 'nodata' },
    'no record at one and silence at the other': { r1: 'nxdomain', r2: 'timeout' },
  };
  it.each(Object.entries(unknown))('does not know with %s', async (_what, answer) => {
    const finding = await check({ 'contoso.com': answer });

    expect(finding).toMatchObject({ status: 'unknown' });
    expect(finding.fact).toContain('resolver r2');
    expect(finding.remedy).not.toBe('');
  });

  it('is satisfied by two resolvers of three, and by the only one there is', async () => {
    const resolvers = ['r1', 'r2', 'r3'];
    const answer = { r1: [gateway], r2: [gateway], r3: 'timeout' } as const;

    expect(await check({ 'contoso.com': answer }, { resolvers })).toMatchObject({ status: 'pass' });
    expect(await check({ 'contoso.com': [gateway] }, { resolvers: ['r1'] })).toMatchObject({ status: 'pass' });
    expect(await check({ 'contoso.com': 'timeout' }, { resolvers: ['r1'] })).toMatchObject({ status: 'unknown' });
  });

  it('does not know when nothing was asked', async () => {
    expect(await check({})).toMatchObject({ status: 'unknown' });
    expect(await check({ 'contoso.com': [gateway] }, { resolvers: [] })).toMatchObject({ status: 'unknown' });
  });

  it('lets the worst domain decide', async () => {
    const unsure = { 'a.example': 'timeout', 'b.example': [gateway] } as const;

    expect(await check(unsure)).toMatchObject({ status: 'unknown' });
    expect(await check({ ...unsure, 'c.example': [office] })).toMatchObject({ status: 'fail' });
  });

  it('stays readable with many domains', async () => {
    const dns = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index}.example`, [office]]));

    const finding = await check(dns);

    expect(finding.fact).toContain('36 more domains are like this.');
  });

  it('gives the same evidence for the same records, whatever order, time left or resolver', async () => {
    const early = fakeWorld({ dns: { 'contoso.com': [gateway, office] }, resolvers: ['r1', 'r2'] });
    const late = fakeWorld({ dns: { 'contoso.com': [office, gateway] }, resolvers: ['r3', 'r4'] });
    late.dns.ttlSeconds = 1;
    const args = { domains: ['contoso.com'], mxPatterns };

    const [first, second] = await Promise.all([mxAtGateway.run(early, args), mxAtGateway.run(late, args)]);

    expect(first.evidence).toEqual({ 'contoso.com': { status: 'fail', hosts: [office, gateway] } });
    expect(second.evidence).toEqual(first.evidence);
  });
});
