import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningRehearsal, runningRehearsal } from '../running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(async () => {
  await rehearsal.stop();
});

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', {});
});

const outside = 'someone@outside.example';

// biome-ignore lint/suspicious/noExplicitAny: wire data whose shape is what the tests check
async function mail(facts: object): Promise<any> {
  const { body } = await rehearsal.control('POST', '/control/mail', { from: outside, ...facts });
  return body;
}

async function run(tenant: string, cmdlet: string, parameters: object): Promise<void> {
  const { status, body } = await rehearsal.control('POST', '/control/exchange', { tenant, cmdlet, parameters });
  expect([status, body.error]).toEqual([200, undefined]);
}

async function settle(): Promise<void> {
  await rehearsal.control('POST', '/control/clock', { advance: '1h' });
}

describe('the seeded organisations and their mail', () => {
  it('contoso takes mail along its MX and directly', async () => {
    for (const via of ['internet', 'direct']) {
      expect(await mail({ to: 'info@contoso.com', via })).toMatchObject({
        accepted: true,
        outcomes: [{ kind: 'inbox' }],
      });
    }
  });

  it('adatum looks locked and is open', async () => {
    expect(await mail({ to: 'info@adatum.com', via: 'direct' })).toMatchObject({
      accepted: true,
      stops: [{ at: 'tenant', connectorIn: null }],
    });
    expect(await mail({ to: 'info@adatum.com' })).toMatchObject({
      stops: [{ connectorIn: 'ExchangeDefender Inbound' }],
    });
  });

  it('wingtip is locked and takes mail through its gateway only', async () => {
    expect(await mail({ to: 'info@wingtip.example', via: 'direct' })).toMatchObject({
      accepted: false,
      reply: expect.stringMatching(/^550 5\.7\.51 /u),
    });
    expect(await mail({ to: 'info@wingtip.example' })).toMatchObject({
      outcomes: [{ kind: 'inbox' }],
      stops: [{ authentication: { skipped: ['52.0.70.91'], address: '198.51.100.25' } }],
    });
  });

  it('northwind knows its own server by certificate and lets it relay', async () => {
    const relayed = await mail({ from: 'info@northwind.example', to: 'a@elsewhere.example', via: 'own-server' });
    expect(relayed).toMatchObject({
      accepted: true,
      outcomes: [{ kind: 'outside' }],
      stops: [{ connectorIn: expect.stringMatching(/^Inbound from /u) }, { at: 'internet' }],
    });
    expect(
      await mail({ from: 'info@northwind.example', to: 'a@elsewhere.example', via: 'own-server', tls: false }),
    ).toMatchObject({
      accepted: false,
      reply: expect.stringMatching(/5\.7\.64 /u),
    });
  });

  it('fabrikam lets spam past by the rule of its old gateway', async () => {
    expect(await mail({ to: 'info@fabrikam.com', content: 'spam' })).toMatchObject({
      outcomes: [{ kind: 'inbox' }],
      stops: [{ connectorIn: 'OldGate inbound', rules: [{ name: 'OldGate: bypass spam filter', did: ['SetSCL'] }] }],
    });
    expect(await mail({ to: 'info@fabrikam.com', content: 'spam', via: 'direct' })).toMatchObject({
      outcomes: [{ kind: 'junk' }],
    });
  });

  it("fabrikam's signature service comes back under a name that is no accepted domain", async () => {
    expect(await mail({ from: 'info@fabrikam.com', to: outside, via: 'user' })).toMatchObject({
      outcomes: [{ kind: 'refused', detail: expect.stringMatching(/5\.7\.64 /u) }],
      stops: [{ at: 'tenant' }, { at: 'signer' }, { at: 'edge' }],
    });
  });
});

describe('the set-up guides, carried out', () => {
  it('o365info and Mailprotector: a partner connector for everything locks out whoever is not the gateway', async () => {
    await run('contoso', 'New-InboundConnector', {
      Name: 'Gateway only',
      ConnectorType: 'Partner',
      SenderDomains: '*',
      RequireTls: true,
      RestrictDomainsToIPAddresses: true,
      SenderIPAddresses: ['203.0.113.0/24'],
      EFSkipLastIP: false,
      EFSkipIPs: ['203.0.113.0/24'],
    });
    expect(await mail({ to: 'info@contoso.com', via: 'direct' })).toMatchObject({ accepted: true });
    await settle();
    expect(await mail({ to: 'info@contoso.com', via: 'direct' })).toMatchObject({ accepted: false });
    await rehearsal.control('PUT', '/control/dns', { domain: 'contoso.com', mx: 'mx.gate.example', fresh: true });
    expect(await mail({ to: 'info@contoso.com' })).toMatchObject({ outcomes: [{ kind: 'inbox' }] });
  });

  it('ExchangeDefender: automatic replies go directly while everything else leaves through the gateway', async () => {
    const smart = { UseMXRecord: false, SmartHosts: 'outbound.exchangedefender.com', RecipientDomains: '*' };
    await run('contoso', 'New-OutboundConnector', { Name: 'ExchangeDefender', ConnectorType: 'Partner', ...smart });
    await settle();
    const away = { to: 'info@contoso.com', autoReply: true };
    expect((await mail(away)).answer).toMatchObject({ outcomes: [{ kind: 'refused' }] });
    const direct = { Name: 'OOF direct', ConnectorType: 'Partner', UseMXRecord: true, IsTransportRuleScoped: true };
    await run('contoso', 'New-OutboundConnector', direct);
    await run('contoso', 'New-TransportRule', {
      Name: 'Automatic replies',
      MessageTypeMatches: 'OOF',
      RouteMessageOutboundConnector: 'OOF direct',
      Enabled: false,
    });
    await settle();
    expect((await mail(away)).answer).toMatchObject({ outcomes: [{ kind: 'refused' }] });
    await run('contoso', 'Enable-TransportRule', { Identity: 'Automatic replies' });
    await settle();
    expect((await mail(away)).answer).toMatchObject({ outcomes: [{ kind: 'outside' }] });
    expect(await mail({ from: 'info@contoso.com', to: outside, via: 'user' })).toMatchObject({
      stops: [{ at: 'tenant' }, { at: 'gateway' }, { at: 'internet' }],
    });
  });

  it('Heimdal: MX stays, mail goes to the scanner and comes back', async () => {
    const { body: smtp } = await rehearsal.control('GET', '/control/smtp');
    const { secret } = smtp.scanners.contoso;
    const id = 'c0000000-0000-4000-8000-000000000001';
    const host = `${id}-in.eu.inline.example`;
    await run('contoso', 'New-OutboundConnector', {
      Name: 'To scanner',
      ConnectorType: 'Partner',
      IsTransportRuleScoped: true,
      UseMXRecord: false,
      SmartHosts: host,
      TlsSettings: 'DomainValidation',
      TlsDomain: '*.eu.inline.example',
    });
    const ours = {
      ExceptIfHeaderMatchesMessageHeader: 'X-Inline-Verdict',
      ExceptIfHeaderMatchesPatterns: `^${secret};`,
    };
    await run('contoso', 'New-TransportRule', {
      Name: 'Route incoming',
      FromScope: 'NotInOrganization',
      RecipientDomainIs: 'contoso.com',
      ...ours,
      RouteMessageOutboundConnector: 'To scanner',
      SetHeaderName: 'X-Inline-Route',
      SetHeaderValue: `${id};in`,
      StopRuleProcessing: true,
    });
    await settle();
    const scanned = await mail({ to: 'info@contoso.com' });
    expect(scanned.stops.map(({ at }: { at: string }) => at)).toEqual(['tenant', 'scanner', 'tenant']);
    await rehearsal.control('PUT', '/control/smtp', { scanner: { tenant: 'contoso', fault: 'no-stamp' } });
    expect(await mail({ to: 'info@contoso.com' })).toMatchObject({
      outcomes: [{ kind: 'looped', detail: expect.stringMatching(/5\.7\.128 /u) }],
    });
    await rehearsal.control('PUT', '/control/smtp', { scanner: { tenant: 'contoso', fault: 'down' } });
    expect(await mail({ to: 'info@contoso.com' })).toMatchObject({ outcomes: [{ kind: 'deferred' }] });
  });

  it('Microsoft: own servers take mail by connector and send it by address', async () => {
    await run('contoso', 'Set-AcceptedDomain', { Identity: 'sales.contoso.com', DomainType: 'InternalRelay' });
    await run('contoso', 'New-OutboundConnector', {
      Name: 'To own server',
      ConnectorType: 'OnPremises',
      RecipientDomains: 'sales.contoso.com',
      UseMXRecord: false,
      SmartHosts: 'mail.northwind.example',
    });
    await run('contoso', 'New-InboundConnector', {
      Name: 'From own server',
      ConnectorType: 'OnPremises',
      SenderDomains: '*',
      SenderIPAddresses: '203.0.113.40',
    });
    await rehearsal.control('PUT', '/control/smtp', { host: 'own-server', serves: ['sales.contoso.com'] });
    await settle();
    expect(await mail({ to: 'warehouse@sales.contoso.com' })).toMatchObject({ outcomes: [{ kind: 'own-server' }] });
    const sent = {
      from: 'warehouse@sales.contoso.com',
      to: 'a@elsewhere.example',
      via: 'own-server',
      certificate: false,
    };
    expect(await mail(sent)).toMatchObject({
      accepted: true,
      stops: [{ connectorIn: 'From own server' }, { at: 'internet' }],
    });
    expect(await mail({ ...sent, from: outside })).toMatchObject({ accepted: false });
  });
});

describe('POST /control/mail', () => {
  it.each([
    [{ to: 'nonsense' }, /^to: must be a mail address/u],
    [{ to: 'info@contoso.com', via: 'pigeon' }, /^via: /u],
    [{ to: 'info@contoso.com', messageType: 'Fax' }, /^messageType: /u],
    [{ to: 'info@contoso.com', headers: { 'X-Bad': 'two\r\nlines' } }, /^headers\.X-Bad: must be one line/u],
    [{ to: 'info@contoso.com', colour: 'red' }, /colour/u],
    [{ to: 'info@contoso.com', via: 'user' }, /no user of an organisation/u],
  ])('refuses %j', async (facts, message) => {
    const { status, body } = await rehearsal.control('POST', '/control/mail', { from: outside, ...facts });
    expect([status, body.error]).toEqual([400, expect.stringMatching(message)]);
  });

  it('carries headers, size and kind of a message over the wire', async () => {
    await run('contoso', 'New-TransportRule', {
      Name: 'Large invitations',
      MessageTypeMatches: 'Calendaring',
      MessageSizeOver: '10MB',
      HeaderContainsMessageHeader: 'X-Kind',
      HeaderContainsWords: 'party',
      DeleteMessage: true,
    });
    await settle();
    const party = {
      to: 'info@contoso.com',
      messageType: 'Calendaring',
      size: 20_000_000,
      headers: { 'X-Kind': 'party time' },
    };
    expect(await mail(party)).toMatchObject({ outcomes: [{ kind: 'deleted' }] });
    expect(await mail({ ...party, size: 1000 })).toMatchObject({ outcomes: [{ kind: 'inbox' }] });
    expect(await mail({ ...party, headers: {} })).toMatchObject({ outcomes: [{ kind: 'inbox' }] });
  });

  it('lets a user forward an invitation of somebody outside', async () => {
    const forward = {
      from: 'host@partner.example',
      to: 'info@contoso.com',
      via: 'user',
      by: 'alex.morgan@contoso.com',
      messageType: 'MeetingForward',
    };
    expect(await mail(forward)).toMatchObject({
      outcomes: [{ kind: 'inbox' }],
      stops: [{ isInternal: true, source: null }],
    });
    await run('contoso', 'New-TransportRule', {
      Name: 'Outside',
      FromScope: 'NotInOrganization',
      SenderDomainIs: 'partner.example',
      SenderAddressLocation: 'Envelope',
      HeaderContainsMessageHeader: 'X-MS-Exchange-MeetingForward-Message',
      HeaderContainsWords: 'Forward',
      Quarantine: true,
    });
    await settle();
    expect(await mail(forward)).toMatchObject({ outcomes: [{ kind: 'quarantined' }] });
    expect(await mail({ ...forward, messageType: 'Calendaring' })).toMatchObject({ outcomes: [{ kind: 'inbox' }] });
  });

  it('gives an automatic reply no envelope sender', async () => {
    await run('contoso', 'New-TransportRule', {
      Name: 'Null sender',
      FromAddressMatchesPatterns: String.raw`^\<\>$`,
      SenderAddressLocation: 'Envelope',
      Quarantine: true,
    });
    await settle();
    for (const via of ['user', 'direct']) {
      const reply = { from: 'kim@partner.example', by: 'alex.morgan@contoso.com', to: 'info@contoso.com', via };
      expect(await mail({ ...reply, messageType: 'OOF' })).toMatchObject({ outcomes: [{ kind: 'quarantined' }] });
      expect(await mail(reply)).toMatchObject({ outcomes: [{ kind: 'inbox' }] });
    }
  });

  it('changes how open points are read', async () => {
    const { body } = await rehearsal.control('PUT', '/control/smtp', { flow: { auditStops: true } });
    expect(body.flow).toMatchObject({ auditStops: true, firstRouteWins: false });
    for (const wrong of [
      { flow: { auditStops: 1 } },
      { flow: { odd: true } },
      { scanner: { tenant: 'nobody' } },
      { scanner: { tenant: 'contoso', fault: 'odd' } },
    ]) {
      expect((await rehearsal.control('PUT', '/control/smtp', wrong)).status).toBe(400);
    }
  });
});
