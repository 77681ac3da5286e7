import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../src/rehearsal/exchange/exchange-object.ts';
import type { Tenant } from '../../src/rehearsal/exchange/tenant.ts';
import { deliver, type Mail } from '../../src/rehearsal/smtp/deliver.ts';
import { edgeVerdict } from '../../src/rehearsal/smtp/edge-verdict.ts';
import { mailRequest } from '../../src/rehearsal/smtp/mail-request.ts';
import { type SmtpServers, startSmtp } from '../../src/rehearsal/smtp/smtp-server.ts';
import type { World } from '../../src/rehearsal/world.ts';
import { lock, removeConnectors, smallWorld, store } from './small-world.ts';

const stranger = '198.51.100.25';

describe('rehearsal/smtp/edge-verdict', () => {
  let world: World;
  let contoso: Tenant;

  beforeEach(async () => {
    ({ world, contoso } = await smallWorld());
  });

  function verdict(facts: { from?: string; to?: string; source?: string; tls?: boolean } = {}): string {
    const { from = 'someone@outside.example', to = 'info@contoso.com', source = stranger, tls = true } = facts;
    const { code, text } = edgeVerdict(world, { from, to, source, tls, at: world.clock.now() }).reply;
    return `${code} ${text.split(' ')[0]}`;
  }

  function connector(name: string, facts: ExchangeObject): void {
    store(world, contoso, 'inboundConnectors', name, { ...lock, ...facts });
  }

  it('accepts mail for a known recipient of a tenant without connectors', () => {
    expect(verdict()).toBe('250 2.1.5');
  });

  it('refuses a domain that no tenant has and a recipient that the tenant does not have', () => {
    expect(verdict({ to: 'info@nobody.example' })).toBe('550 5.7.64');
    expect(verdict({ to: 'nobody@contoso.com' })).toBe('550 5.4.1');
  });

  it('lets the locked tenant take mail from the named ranges only', () => {
    connector('lock', {});
    expect(verdict()).toBe('550 5.7.51');
    expect(verdict({ from: '' })).toBe('550 5.7.51');
    expect(verdict({ source: '65.99.255.10' })).toBe('250 2.1.5');
    expect(verdict({ source: '65.99.254.10' })).toBe('550 5.7.51');
  });

  it('acts on a connector only from the moment it is effective', () => {
    store(world, contoso, 'inboundConnectors', 'lock', lock, 300);
    expect(verdict()).toBe('250 2.1.5');
    world.clock.advance(301_000);
    expect(verdict()).toBe('550 5.7.51');
  });

  it.each([
    ['of the type OnPremises', { ConnectorType: 'OnPremises' }],
    ['that is off', { Enabled: false }],
    ['without a restriction', { RestrictDomainsToIPAddresses: false }],
    ['for other senders', { SenderDomains: ['smtp:partner.example;1'] }],
    ['for other recipients', { AssociatedAcceptedDomains: ['sales.contoso.com'] }],
  ])('refuses nothing by a connector %s', (_, facts) => {
    connector('no lock', facts);
    expect(verdict()).toBe('250 2.1.5');
  });

  it('lets a second connector that names the source past the lock', () => {
    connector('lock', {});
    connector('scanner', { ConnectorType: 'OnPremises', SenderIPAddresses: ['203.0.113.40'] });
    expect(verdict({ source: '203.0.113.40' })).toBe('250 2.1.5');
    expect(verdict({ source: '203.0.113.41' })).toBe('550 5.7.51');
  });

  it('wants TLS where the connector that acts wants it', () => {
    connector('lock', {});
    expect(verdict({ source: '65.99.255.10', tls: false })).toBe('451 5.7.3');
    expect(verdict({ tls: false })).toBe('550 5.7.51');
  });

  it('refuses direct sending under a domain of the tenant when that is rejected', () => {
    store(world, contoso, 'organizationConfig', 'contoso', { RejectDirectSend: true });
    expect(verdict({ from: 'boss@sales.contoso.com' })).toBe('550 5.7.68');
    expect(verdict()).toBe('250 2.1.5');
  });

  it('looks at the recipient or at the connectors first, as told', () => {
    connector('lock', {});
    expect(verdict({ to: 'nobody@contoso.com' })).toBe('550 5.7.51');
    world.smtp.recipientFirst = true;
    expect(verdict({ to: 'nobody@contoso.com' })).toBe('550 5.4.1');
  });

  it('takes any recipient of a relay domain', () => {
    store(world, contoso, 'acceptedDomains', 'contoso.com', {
      DomainName: 'contoso.com',
      DomainType: 'InternalRelay',
    });
    expect(verdict({ to: 'nobody@contoso.com' })).toBe('250 2.1.5');
  });
});

describe('rehearsal/smtp/deliver', () => {
  let world: World;
  let contoso: Tenant;
  let servers: SmtpServers;

  beforeAll(async () => {
    const small = await smallWorld();
    ({ world, contoso } = small);
    servers = await startSmtp(world, { port: 0, authority: small.authority });
  });

  afterAll(() => servers.stop());

  beforeEach(() => {
    world.dns.reset();
    world.smtp.reset();
    world.journal.clear();
    removeConnectors(world, contoso);
  });

  function send(via: Mail['via']): ReturnType<typeof deliver> {
    return deliver(world, { ...mailRequest({ from: 'someone@outside.example', to: 'info@contoso.com' }), via });
  }

  it('delivers along the MX and records the message', async () => {
    const hops = await send('internet');
    expect(hops).toMatchObject([
      { host: 'contoso-com.mail.protection.outlook.com', address: '127.0.0.11', source: stranger, accepted: true },
    ]);
    expect(hops[0]?.reply).toMatch(/^250 2\.6\.0 /u);
    const [rcpt, data] = world.journal.list({ where: 'smtp' });
    expect(rcpt).toMatchObject({ stage: 'rcpt', outcome: '250 2.1.5', tenantName: 'contoso', source: stranger });
    expect(data).toMatchObject({ stage: 'data', from: 'someone@outside.example', to: ['info@contoso.com'], tls: true });
  });

  it('goes through the gateway to a locked tenant, and not past it', async () => {
    store(world, contoso, 'inboundConnectors', 'lock', lock);
    world.dns.set('contoso.com', 'MX', [{ data: '10 inbound30.exchangedefender.com' }]);
    expect(await send('internet')).toMatchObject([
      { host: 'inbound30.exchangedefender.com', accepted: true },
      { host: 'contoso-com.mail.protection.outlook.com', source: '65.99.255.10', accepted: true },
    ]);
    const [direct] = await send('direct');
    expect(direct).toMatchObject({ accepted: false });
    expect(direct?.reply).toMatch(
      /^550 5\.7\.51 TenantInboundAttribution; There is a partner connector .* \[DB5|AM3.*prod\.outlook\.com 20/u,
    );
    expect(await send('own-server')).toMatchObject([{ source: '203.0.113.40', accepted: false }]);
  });

  it('may refuse the message only after its data, which no question about the recipient shows', async () => {
    store(world, contoso, 'inboundConnectors', 'lock', lock);
    world.smtp.lockAfterData = true;
    const [direct] = await send('direct');
    expect(direct).toMatchObject({ accepted: false });
    expect(direct?.reply).toMatch(/^550 5\.7\.51 /u);
    expect(world.journal.list({ where: 'smtp' })).toMatchObject([
      { stage: 'rcpt', outcome: '250 2.1.5' },
      { stage: 'data', outcome: '550 5.7.51' },
    ]);
    world.dns.set('contoso.com', 'MX', [{ data: '10 inbound30.exchangedefender.com' }]);
    expect(await send('internet')).toMatchObject([{ accepted: true }, { source: '65.99.255.10', accepted: true }]);
  });

  it('comes from the addresses of the gateway that the MX names', async () => {
    world.dns.set('contoso.com', 'MX', [{ data: '10 contoso-com.inbound.emailservice.io' }]);
    expect(await send('gateway')).toMatchObject([{ source: '52.0.70.91', accepted: true }]);
  });

  it('stops at a gateway that does not serve the domain', async () => {
    world.dns.set('contoso.com', 'MX', [{ data: '10 mx.gate.example' }]);
    world.smtp.served.set('127.0.0.12', new Set());
    const hops = await send('internet');
    expect(hops).toHaveLength(1);
    expect(hops[0]?.reply).toMatch(/^550 5\.7\.1 /u);
  });

  it('says when there is no MX', async () => {
    world.dns.set('contoso.com', 'MX', []);
    expect(await send('internet')).toMatchObject([{ accepted: false, reply: 'contoso.com has no MX' }]);
  });
});
