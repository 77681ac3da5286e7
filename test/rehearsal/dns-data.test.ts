import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/rehearsal/clock.ts';
import { DnsData } from '../../src/rehearsal/dns/dns-data.ts';

describe('rehearsal/dns/dns-data', () => {
  let clock: VirtualClock;
  let dns: DnsData;

  beforeEach(() => {
    clock = new VirtualClock(1);
    dns = new DnsData(clock);
  });

  function mx(resolver: string, name = 'contoso.com'): string[] {
    return dns.resolve(resolver, name, 'MX').records.map(({ data }) => data);
  }

  it('shows a moved MX to the first resolver at once and to the second when the old TTL ends', () => {
    dns.set('contoso.com', 'MX', [{ data: '10 mx.gate.example' }]);
    expect(mx('resolver-1')).toEqual(['10 mx.gate.example']);
    expect(mx('resolver-2')).toEqual(['0 contoso-com.mail.protection.outlook.com']);
    clock.advance(3_590_000);
    expect(mx('resolver-2')).toEqual(['0 contoso-com.mail.protection.outlook.com']);
    clock.advance(10_000);
    expect(mx('resolver-2')).toEqual(['10 mx.gate.example']);
  });

  it('keeps the end of an old answer when the records change again', () => {
    dns.set('contoso.com', 'MX', [{ data: '10 mx.gate.example' }]);
    clock.advance(3_000_000);
    dns.set('contoso.com', 'MX', [{ data: '20 mx.gate.example' }]);
    expect(dns.peek('resolver-2', 'contoso.com', 'MX')[0]?.ttl).toBeLessThanOrEqual(600);
    clock.advance(601_000);
    expect(mx('resolver-2')).toEqual(['20 mx.gate.example']);
  });

  it('shows a fresh change to every resolver', () => {
    mx('resolver-2');
    dns.set('contoso.com', 'MX', [{ data: '10 mx.gate.example' }], true);
    expect(mx('resolver-2')).toEqual(['10 mx.gate.example']);
  });

  it('counts a held answer down', () => {
    mx('resolver-1');
    clock.advance(600_000);
    expect(dns.resolve('resolver-1', 'contoso.com', 'MX').records[0]?.ttl).toBeLessThanOrEqual(3000);
  });

  it('tells a name without MX from a name that does not exist', () => {
    expect(dns.resolve('resolver-1', 'mx.gate.example', 'MX').status).toBe('nodata');
    expect(dns.resolve('resolver-1', 'gate.example', 'MX').status).toBe('nodata');
    expect(dns.resolve('resolver-1', 'nobody.example', 'MX').status).toBe('nxdomain');
  });

  it('answers under a wildcard with the name that was asked', () => {
    const { records } = dns.resolve('resolver-1', 'Fabrikam-com.Inbound.EmailService.io', 'A');
    expect(records).toMatchObject([{ name: 'fabrikam-com.inbound.emailservice.io', data: '127.0.0.12' }]);
  });

  it('follows an alias and stops at a loop', () => {
    dns.set('alias.example', 'CNAME', [{ data: 'mx.gate.example' }]);
    dns.set('round.example', 'CNAME', [{ data: 'round.example' }]);
    expect(dns.resolve('resolver-1', 'alias.example', 'A').records.map(({ type }) => type)).toEqual(['CNAME', 'A']);
    expect(dns.resolve('resolver-1', 'round.example', 'A').status).toBe('servfail');
  });

  it('remembers that a name was missing for five minutes', () => {
    expect(dns.resolve('resolver-2', 'new.example', 'A').status).toBe('nxdomain');
    dns.set('new.example', 'A', [{ data: '192.0.2.1' }]);
    expect(dns.resolve('resolver-2', 'new.example', 'A').status).toBe('nxdomain');
    clock.advance(301_000);
    expect(dns.resolve('resolver-2', 'new.example', 'A').status).toBe('answer');
  });

  it('forgets changes, caches and behaviours on reset', () => {
    dns.set('contoso.com', 'MX', []);
    dns.setResolverBehaviour('resolver-1', 'silent');
    dns.setNameBehaviour('contoso.com', 'servfail');
    dns.reset();
    expect(mx('resolver-1')).toEqual(['0 contoso-com.mail.protection.outlook.com']);
    expect(dns.resolverBehaviour('resolver-1')).toBe('normal');
    expect(dns.nameBehaviour('contoso.com')).toBe('normal');
  });
});
