import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(() => rehearsal.stop());

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', { seed: 'default' });
});

describe('rehearsal/control', () => {
  it('gives the bot a flat object of texts that holds every variable it needs', async () => {
    const { body } = await rehearsal.control('GET', '/control/environment');
    expect(Object.values(body).every((value) => typeof value === 'string' && value !== '')).toBe(true);
    expect(Object.keys(body)).toEqual(
      expect.arrayContaining([
        'BOT_APP_ID',
        'BOT_APP_SECRET',
        'BOT_OPENID_METADATA_URL',
        'BOT_SERVICE_HOSTS',
        'BOT_TENANT_ID',
        'BOT_TOKEN_ISSUER',
        'COMPLIANCE_BASE_URL',
        'COMPLIANCE_SCOPE',
        'DNS_RESOLVERS',
        'ENTRA_AUTHORITY',
        'EXCHANGE_BASE_URL',
        'EXCHANGE_SCOPE',
        'EXTRA_CA_FILE',
        'GRAPH_BASE_URL',
        'GRAPH_SCOPE',
        'OPERATOR_CONVERSATION',
        'REHEARSAL_SPEED',
        'SMTP_EGRESS_ADDRESSES',
        'SMTP_PORT',
        'WORKER_APP_ID',
        'WORKER_APP_SECRET',
      ]),
    );
    const names = JSON.parse(body.TENANTS).map(({ name }: { name: string }) => name);
    expect(names.slice(0, 6)).toEqual(['contoso', 'fabrikam', 'northwind', 'adatum', 'tailspin', 'wingtip']);
  });

  it.each([
    [90, 90],
    ['15m', 900],
    ['2h', 7200],
    ['1d', 86_400],
  ])('advances the clock by %s', async (advance, seconds) => {
    const before = await rehearsal.control('GET', '/control/clock');
    const after = await rehearsal.control('POST', '/control/clock', { advance });
    const moved = (after.body.nowMs - before.body.nowMs) / 1000;
    expect(moved).toBeGreaterThanOrEqual(seconds);
    expect(moved).toBeLessThan(seconds + 60);
    expect(new Date(after.body.now).getTime()).toBe(after.body.nowMs);
  });

  it.each([{ advance: -5 }, { advance: 'soon' }, { speed: 0 }, { speed: '10' }])(
    'refuses the clock change %j and leaves the clock as it is',
    async (change) => {
      const { status, body } = await rehearsal.control('POST', '/control/clock', { advance: '5h', ...change });
      const { body: after } = await rehearsal.control('GET', '/control/clock');
      expect([status, typeof body.error]).toEqual([400, 'string']);
      expect(after.speed).toBe(1);
    },
  );

  it('streams the clock at connect and after every jump', async () => {
    const events: { nowMs: number; speed: number }[] = [];
    const stream = get(`${rehearsal.url}/control/clock/stream`, (response) => {
      expect(response.headers['content-type']).toContain('text/event-stream');
      response.setEncoding('utf8').on('data', (text: string) => {
        for (const [, data] of text.matchAll(/data: (.*)\n\n/gu)) events.push(JSON.parse(data ?? '{}'));
      });
    });
    await expect.poll(() => events.length).toBe(1);
    await rehearsal.control('POST', '/control/clock', { advance: '1h' });
    await expect.poll(() => events.length).toBe(2);
    stream.destroy();
    expect((events[1]?.nowMs ?? 0) - (events[0]?.nowMs ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  });

  it('lists, refuses and clears faults', async () => {
    const wrong = await rehearsal.control('POST', '/control/faults', { where: 'exchange', kind: 'earthquake' });
    const armed = await rehearsal.control('POST', '/control/faults', {
      where: 'exchange',
      kind: 'throttle',
      times: null,
    });
    const listed = await rehearsal.control('GET', '/control/faults');
    await rehearsal.control('DELETE', '/control/faults');
    const cleared = await rehearsal.control('GET', '/control/faults');
    expect([wrong.status, armed.status]).toEqual([400, 201]);
    expect(wrong.body.error).toContain('normalised-value');
    expect([listed.body.length, cleared.body.length]).toEqual([1, 0]);
  });

  it('filters the journal by tenant, cmdlet and what was seen before', async () => {
    await rehearsal.invoke('contoso', 'Get-AcceptedDomain');
    await rehearsal.invoke('fabrikam', 'Get-InboundConnector', { ResultSize: 'Unlimited' });
    const contoso = await rehearsal.control('GET', '/control/journal?where=exchange&tenant=contoso');
    const fabrikam = await rehearsal.control('GET', '/control/journal?cmdlet=get-inboundconnector');
    const later = await rehearsal.control('GET', `/control/journal?since=${fabrikam.body[0].seq}`);
    expect(contoso.body).toHaveLength(1);
    expect(fabrikam.body[0]).toMatchObject({
      where: 'exchange',
      tenantName: 'fabrikam',
      cmdlet: 'Get-InboundConnector',
      parameters: { ResultSize: 'Unlimited' },
      outcome: 'ok',
      status: 200,
    });
    expect(fabrikam.body[0].tenantOfToken).toBe(fabrikam.body[0].tenant);
    expect(later.body).toEqual([]);
  });

  it('runs a colleague’s cmdlet by tenant name, guid or domain, and says what went wrong', async () => {
    const parameters = { Name: 'x', SenderDomains: '*' };
    for (const tenant of ['fabrikam', 'c0000000-0000-4000-8000-000000000002', 'fabrikam.com']) {
      const { status } = await rehearsal.control('POST', '/control/exchange', {
        tenant,
        cmdlet: 'Get-InboundConnector',
      });
      expect(status).toBe(200);
    }
    const nobody = await rehearsal.control('POST', '/control/exchange', {
      tenant: 'nobody',
      cmdlet: 'Get-AcceptedDomain',
    });
    const unknown = await rehearsal.control('POST', '/control/exchange', { tenant: 'contoso', cmdlet: 'Get-Mailbox' });
    const wrong = await rehearsal.control('POST', '/control/exchange', {
      tenant: 'contoso',
      cmdlet: 'New-InboundConnector',
      parameters: { ...parameters, EFSkipIPs: '10.0.0.1' },
    });
    expect([nobody.status, unknown.status, wrong.status]).toEqual([400, 400, 400]);
    expect(nobody.body.error).toContain('contoso');
    expect(wrong.body).toMatchObject({ error: expect.stringContaining('10.0.0.1') });
  });

  it('adds a tenant whose domains resolve and whose objects can be changed', async () => {
    const made = await rehearsal.control('POST', '/control/tenants', { name: 'lamna', domains: ['lamna.example'] });
    const invoked = await rehearsal.invoke('lamna', 'Get-AcceptedDomain');
    const dns = await rehearsal.control('GET', '/control/dns?name=lamna.example');
    const again = await rehearsal.control('POST', '/control/tenants', { name: 'other', domains: ['lamna.example'] });
    const { body: environment } = await rehearsal.control('GET', '/control/environment');
    expect([made.status, invoked.status, again.status]).toEqual([201, 200, 400]);
    expect(JSON.stringify(dns.body)).toContain('lamna-example.mail.protection.outlook.com');
    expect(environment.TENANTS).toContain(made.body.id);
  });

  it('changes consent, roles and mailboxes, and nothing at all when one part is wrong', async () => {
    const wrong = await rehearsal.control('PUT', '/control/directory', {
      tenant: 'tailspin',
      consent: 'granted',
      hasDirectoryRole: 'yes',
    });
    const still = await rehearsal.control('GET', '/control/tenants/tailspin');
    const right = await rehearsal.control('PUT', '/control/directory', {
      tenant: 'tailspin',
      consent: 'granted',
      hasDirectoryRole: true,
      mailboxes: ['Only@tailspin.example'],
    });
    const { status } = await rehearsal.invoke('tailspin', 'Get-AcceptedDomain');
    expect([wrong.status, still.body.consent]).toEqual([400, 'missing']);
    expect(right.body).toMatchObject({
      consent: 'granted',
      hasExchangeRole: true,
      mailboxes: ['only@tailspin.example'],
    });
    expect(status).toBe(200);
  });

  it('asks an administrator for consent and sends the answer back with its state', async () => {
    const { WORKER_APP_ID: client } = rehearsal.environment;
    const back = encodeURIComponent('http://127.0.0.1:9/consent/callback');
    const path = `/tailspin.example/adminconsent?client_id=${client}&redirect_uri=${back}&state=s1`;
    const page = await rehearsal.send('GET', path);
    const refused = await rehearsal.send('POST', path, { body: 'decision=cancel' });
    const accepted = await rehearsal.send('POST', path, { body: 'decision=accept' });
    const abroad = await rehearsal.send('GET', path.replace('127.0.0.1', 'evil.example'));
    expect(page.raw.toString()).toContain('REHEARSAL');
    expect(refused.headers['location']).toContain('error=access_denied');
    expect(String(accepted.headers['location'])).toContain('tenant=c0000000-0000-4000-8000-000000000005');
    expect(String(accepted.headers['location'])).toContain('state=s1');
    expect(abroad.status).toBe(400);
    expect((await rehearsal.control('GET', '/control/tenants/tailspin')).body.consent).toBe('granted');
  });

  it('seeds organisations in the states that people meet', async () => {
    const held = async (name: string) => (await rehearsal.control('GET', `/control/tenants/${name}`)).body;
    const [fabrikam, northwind, adatum, tailspin, wingtip] = await Promise.all(
      ['fabrikam', 'northwind', 'adatum', 'tailspin', 'wingtip'].map(held),
    );
    expect(fabrikam.inboundConnectors).toHaveLength(3);
    expect(fabrikam.transportRules).toHaveLength(3);
    expect(northwind.organizationConfig[0].stored.IsDehydrated).toBe(true);
    expect(northwind.inboundConnectors[0].stored).toMatchObject({ ConnectorSource: 'HybridWizard' });
    expect(adatum.inboundConnectors[0]).toMatchObject({
      isEffective: true,
      effective: { ConnectorType: 'OnPremises', RestrictDomainsToIPAddresses: true },
    });
    expect([tailspin.consent, wingtip.consent]).toEqual(['missing', 'revoked']);
    expect(wingtip.inboundConnectors[0].effective).toMatchObject({ Enabled: true, RestrictDomainsToIPAddresses: true });
  });

  it('goes back to the seed on reset, without turning virtual time back', async () => {
    await rehearsal.control('POST', '/control/exchange', {
      tenant: 'contoso',
      cmdlet: 'New-InboundConnector',
      parameters: { Name: 'x', SenderDomains: '*' },
    });
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', consent: 'revoked' });
    const before = await rehearsal.control('GET', '/control/clock');
    const named = await rehearsal.control('POST', '/control/reset', { seed: 'other' });
    const { status } = await rehearsal.control('POST', '/control/reset', {});
    const after = await rehearsal.control('GET', '/control/clock');
    const contoso = await rehearsal.control('GET', '/control/tenants/contoso');
    expect([named.status, status]).toEqual([200, 200]);
    expect(contoso.body).toMatchObject({ consent: 'granted', inboundConnectors: [] });
    expect(after.body.nowMs).toBeGreaterThanOrEqual(before.body.nowMs);
  });

  it('answers mistakes with a JSON error', async () => {
    const broken = await fetch(`${rehearsal.url}/control/clock`, { method: 'POST', body: '{' });
    const said: unknown = await broken.json();
    const missing = await rehearsal.control('GET', '/control/nothing');
    expect([broken.status, said]).toEqual([400, { error: expect.any(String) }]);
    expect([missing.status, typeof missing.body.error]).toEqual([404, 'string']);
  });
});
