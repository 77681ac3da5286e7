import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectNotFoundError } from '../../src/adapters/exchange-online/failure.ts';
import { RejectedError, TenantAccessError, ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import type { ExchangeReads } from '../../src/ports/exchange-online.ts';
import { capture, captureNames, replay } from '../support/exchange-captures.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { CONTOSO, errorOf, newConnector, values } from '../support/scripted-exchange.ts';
import { jsonAnswer } from '../support/scripted-https.ts';

const contoso = scriptedContoso();
const guid = (number: number): string => `a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What the client makes of each captured object: the fields that tell whether its form was understood. */
const objects: readonly (readonly [string, keyof ExchangeReads, readonly object[]])[] = [
  [
    'inbound-connectors',
    'Get-InboundConnector',
    [
      {
        Name: 'by certificate',
        Guid: guid(1),
        ConnectorType: 'OnPremises',
        ConnectorSource: 'Default',
        SenderDomains: ['*'],
        TlsSenderCertificateName: '*.contoso.com',
        CloudServicesMailEnabled: true,
        RequireTls: true,
      },
      { Name: 'by address', SenderIPAddresses: ['203.0.113.31'], TlsSenderCertificateName: null, RequireTls: false },
    ],
  ],
  [
    'outbound-connectors',
    'Get-OutboundConnector',
    [
      {
        Name: 'to own servers',
        SmartHosts: ['relay.contoso.com'],
        TlsSettings: 'CertificateValidation',
        TlsDomain: null,
        IsTransportRuleScoped: true,
        RecipientDomains: [],
        ValidationRecipients: ['ann@contoso.com'],
        LastValidationTimestamp: '2026-03-02T18:59:12.000Z',
      },
    ],
  ],
  [
    'transport-rules',
    'Get-TransportRule',
    [
      {
        Name: 'mark',
        State: 'Enabled',
        Priority: 0,
        Comments: '',
        FromScope: 'NotInOrganization',
        SenderAddressLocation: 'HeaderOrEnvelope',
        RedirectMessageTo: [],
        SetSCL: null,
        Unfamiliar: ['PrependSubject'],
      },
      { Name: 'encrypt', State: 'Disabled', Priority: 1, Unfamiliar: ['ApplyRightsProtectionTemplate'] },
    ],
  ],
  [
    'accepted-domains',
    'Get-AcceptedDomain',
    [
      { DomainName: 'contoso.onmicrosoft.com', InitialDomain: true, Default: false },
      { DomainName: 'contoso.com', InitialDomain: false, Default: true, DomainType: 'Authoritative' },
    ],
  ],
  [
    'connection-filters',
    'Get-HostedConnectionFilterPolicy',
    [{ Identity: 'Default', IsDefault: true, IPAllowList: [], IPBlockList: [], EnableSafeList: false }],
  ],
  [
    'dkim-signing-configs',
    'Get-DkimSigningConfig',
    [
      {
        Domain: 'contoso.com',
        Enabled: true,
        Status: 'Valid',
        Selector1KeySize: 2048,
        Selector1CNAME: 'selector1-contoso-com._domainkey.contoso.x-v1.dkim.mail.microsoft',
      },
    ],
  ],
  [
    'remote-domains',
    'Get-RemoteDomain',
    [{ Name: 'Default', DomainName: '*', AllowedOOFType: 'External', AutoReplyEnabled: true }],
  ],
  [
    'organization-config',
    'Get-OrganizationConfig',
    [{ Identity: 'contoso.onmicrosoft.com', IsDehydrated: false, RejectDirectSend: false }],
  ],
  [
    'anti-phish-policies',
    'Get-AntiPhishPolicy',
    [
      {
        Identity: 'Office365 AntiPhish Default',
        IsDefault: true,
        EnableSpoofIntelligence: true,
        HonorDmarcPolicy: true,
      },
    ],
  ],
  [
    'content-filter-policies',
    'Get-HostedContentFilterPolicy',
    [{ Identity: 'Default', SpamAction: 'MoveToJmf', AllowedSenderDomains: ['partner.example'], AllowedSenders: [] }],
  ],
  [
    'spoof-items',
    'Get-TenantAllowBlockListSpoofItems',
    [
      {
        Identity: guid(12),
        SpoofedUser: 'ann@contoso.com',
        SendingInfrastructure: 'gateway.example',
        SpoofType: 'External',
        Action: 'Block',
      },
    ],
  ],
];

const trace = { StartDate: '2026-03-22T00:00:00Z', EndDate: '2026-03-24T00:00:00Z', ResultSize: 1 };
const tracedAt = () => new FakeClock('2026-03-24T00:00:00Z');

describe('adapters/exchange-online: captured objects', () => {
  const usual = process.env['TZ'];
  beforeAll(() => {
    process.env['TZ'] = 'Asia/Tokyo';
  });
  afterAll(() => {
    if (usual === undefined) delete process.env['TZ'];
    else process.env['TZ'] = usual;
  });

  it.each(objects)('%s are understood, wherever this machine stands', async (name, cmdlet, forms) => {
    expect(new Date().getTimezoneOffset()).toBe(-540);
    contoso.server.answer(replay(name));
    const list = await contoso.exchange().list(cmdlet);
    expect(list).toHaveLength(forms.length);
    expect(list).toMatchObject(forms);
  });

  it.each(objects)('%s are the same when they are read once more out of their canonical form', async (name, cmdlet) => {
    contoso.server.answer(replay(name));
    const tenant = contoso.exchange();
    const list = await tenant.list(cmdlet);
    contoso.server.answer(values(...list));
    expect(await tenant.list(cmdlet)).toEqual(list);
  });

  it('a traced message keeps who, when and from where', async () => {
    contoso.server.answer(replay('message-trace'));
    expect(await contoso.exchange({ clock: tracedAt() }).ask('Get-MessageTraceV2', trace)).toEqual([
      {
        MessageTraceId: guid(13),
        MessageId: '<13@partner.example>',
        Received: '2026-03-23T22:01:22.048Z',
        SenderAddress: 'bea@partner.example',
        RecipientAddress: 'ann@contoso.com',
        Status: 'Delivered',
        FromIP: '2001:db8::5',
        ToIP: null,
      },
    ]);
  });
});

describe('adapters/exchange-online: captured pages', () => {
  const names = ['a.contoso.com', 'b.contoso.com'];
  const first = () => replay('page-cut-short', contoso.server.url);
  const domains = async () => (await contoso.exchange().list('Get-AcceptedDomain')).map(({ DomainName }) => DomainName);

  it('a page that warns of more and links to it is followed by the same question to its link', async () => {
    contoso.server.answer(first(), replay('page-last'));
    expect(await domains()).toEqual(names);
    const [one, other] = contoso.server.received;
    expect(other?.path).toBe(`/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=ADZmViMTYwMGZl`);
    expect(other?.body).toBe(one?.body);
    expect(other?.headers['x-anchormailbox']).toBe(one?.headers['x-anchormailbox']);
  });

  it('so it is inside a batch', async () => {
    const body = JSON.parse(JSON.stringify(capture('page-cut-short').body).replace('{server}', contoso.server.url));
    const responses = [
      { id: '0', status: 200, body },
      { id: '1', status: 200, body: { value: [] } },
    ];
    contoso.server.answer(jsonAnswer(200, { responses }), replay('page-last'));
    const lists = await contoso.exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists['Get-AcceptedDomain'].map(({ DomainName }) => DomainName)).toEqual(names);
  });

  it('a link that is refused as expired begins the list anew, once', async () => {
    contoso.server.answer(first(), replay('error-expired-page'), first(), replay('page-last'));
    expect(await domains()).toEqual(names);
    contoso.server.answer(first(), replay('error-expired-page'), first(), replay('error-expired-page'));
    expect(await errorOf(domains())).toBeInstanceOf(RejectedError);
  });

  it('a page that warns of more without a link does not pass for the whole', async () => {
    const { '@odata.nextLink': _, ...body } = JSON.parse(JSON.stringify(capture('page-cut-short').body));
    contoso.server.answer(jsonAnswer(200, body));
    expect(await errorOf(domains())).toBeInstanceOf(UnavailableError);
  });

  it('a trace of as many messages as were asked for is taken, though it warns of more', async () => {
    contoso.server.answer(replay('message-trace-more'), replay('message-trace'), replay('page-last'));
    const tenant = contoso.exchange({ clock: tracedAt() });
    expect(await tenant.ask('Get-MessageTraceV2', trace)).toMatchObject([{ Status: 'Failed' }]);
    await tenant.ask('Get-MessageTraceV2', { ...trace, ResultSize: 5000 });
    await tenant.list('Get-AcceptedDomain');
    const sizes = contoso.server.received.map(({ headers }) => headers['prefer']);
    expect(sizes).toEqual(['odata.maxpagesize=1000', 'odata.maxpagesize=5000', 'odata.maxpagesize=1000']);
  });
});

describe('adapters/exchange-online: captured errors', () => {
  it.each([
    ['error-bad-choice', RejectedError, /takes Partner, OnPremises and not Cloud\.$/u, /Correct the values/u],
    ['error-unknown-parameter', RejectedError, /: No parameter is called Bogus\.$/u, /Correct the values/u],
    ['error-not-found', ObjectNotFoundError, /There is no object 'gone'/u, /removed or renamed/u],
    ['error-not-found-elsewhere', ObjectNotFoundError, /: There is no object 'gone' on 'EXAMPLEDC007'\.$/u, /renamed/u],
    ['error-inbound-prohibited', RejectedError, /eingehende Connectors gesperrt\.$/u, /Microsoft support/u],
  ])('%s ends a write at once, and says what Exchange said and what can be done', async (name, kind, said, next) => {
    contoso.server.answer(replay(name));
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(said);
    expect(error.next).toMatch(next);
    expect(contoso.server.received).toHaveLength(1);
  });

  it.each(['error-bad-choice', 'error-unknown-parameter'])(
    '%s in the form of older tenants, a 500, is a refusal of values too',
    async (name) => {
      contoso.server.answer(jsonAnswer(500, capture(name).body));
      expect(await errorOf(contoso.exchange().invoke(newConnector))).toBeInstanceOf(RejectedError);
    },
  );

  it.each(['error-not-found', 'error-not-found-elsewhere'])('%s of a read is no object', async (name) => {
    contoso.server.answer(replay(name));
    expect(await contoso.exchange().get('Get-InboundConnector', 'gone')).toBeNull();
  });

  it('a body of zero bytes that claims to be compressed is a missing role', async () => {
    contoso.server.answer(replay('error-forbidden'));
    const error = await errorOf(contoso.exchange().list('Get-AcceptedDomain'));
    expect(error).toBeInstanceOf(TenantAccessError);
    expect(error).toMatchObject({ reason: 'directory-role' });
    expect(error.message).toContain('does not contain the cmdlet');
    expect(contoso.server.received).toHaveLength(1);
  });

  it('bare words about too many requests at once slow a read down and end a write, which did nothing', async () => {
    contoso.server.answer(replay('error-too-many-at-once'), replay('page-last'), replay('error-too-many-at-once'));
    expect(await contoso.exchange().list('Get-AcceptedDomain')).toHaveLength(1);
    expect(await errorOf(contoso.exchange().invoke(newConnector))).toBeInstanceOf(ThrottledError);
  });

  it('an empty 401 is asked once more with a new token', async () => {
    contoso.server.answer(replay('error-unauthorized'), replay('error-unauthorized'));
    expect(await errorOf(contoso.exchange().list('Get-AcceptedDomain'))).toMatchObject({ reason: 'credential' });
    expect(contoso.server.received).toHaveLength(2);
  });
});

describe('test/fixtures/exchange', () => {
  it('says of every capture where it was published', () => {
    for (const name of captureNames()) expect(capture(name).source, name).toMatch(/\w+\/\w+|public/u);
  });

  it('holds nothing that is from a real tenant', () => {
    const texts = captureNames().map((name) => JSON.stringify(capture(name).body));
    const domains = texts.join('\n').match(/[\w.-]+\.(?:com|net|org|io|example|microsoft)\b/giu) ?? [];
    const ours =
      /(?:^|\.)(?:contoso\.com|contoso\.onmicrosoft\.com|example|outlook\.com|office365\.com|dkim\.mail\.microsoft)$/iu;
    expect(domains.filter((domain) => !ours.test(domain))).toEqual([]);
  });
});
