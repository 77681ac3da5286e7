import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/adapters/exchange-online/canonical.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { fieldChanges } from '../../src/steps/inbound-connector.ts';

type Kind = keyof typeof canonical;
type Values = Readonly<Record<string, fc.Arbitrary<unknown>>>;

const guid = fc.constantFrom('C0000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000002');
const name = fc.constantFrom('Gateway', 'Contoso.com', 'X – ü');
const flag = fc.constantFrom(true, false, null, undefined);
const word = fc.constantFrom('Some', ' Other ', '', null, undefined);
const list = fc.oneof(
  fc.array(fc.constantFrom('B', 'a', ' a ', 'C;1', 'smtp:*;1', '192.0.2.7/32', '192.0.2.7', ''), { maxLength: 8 }),
  fc.constantFrom('single', '', null, undefined),
);
const moment = fc.constantFrom(
  '2026-05-01T10:00:00.1234567+00:00',
  '/Date(1777629600000)/',
  '0001-01-01T00:00:00',
  '',
  null,
);
const number = fc.constantFrom(5, '5', null, '', undefined);
const size = fc.constantFrom('35 MB (36,700,160 bytes)', '35MB', 36_700_160, '36700160', null, '');

const connector = {
  Identity: name,
  Name: name,
  Guid: guid,
  Enabled: fc.boolean(),
  ConnectorType: fc.constantFrom('Partner', 'OnPremises'),
  ConnectorSource: fc.constantFrom('Default', 'AdminUI', 'HybridWizard'),
  Comment: word,
};

/** What Exchange may answer for each kind: required fields, and others as it likes them. */
const answers: Readonly<Record<Kind, Values>> = {
  'Get-InboundConnector': {
    ...connector,
    SenderDomains: list,
    SenderIPAddresses: list,
    EFSkipIPs: list,
    RequireTls: flag,
  },
  'Get-OutboundConnector': { ...connector, SmartHosts: list, TlsDomain: word, LastValidationTimestamp: moment },
  'Get-TransportRule': {
    Identity: name,
    Name: name,
    Guid: guid,
    State: fc.constantFrom('Enabled', 'Disabled'),
    Priority: fc.nat(299),
    Mode: word,
    SenderIpRanges: list,
    ExceptIfHeaderContainsWords: list,
    SetSCL: number,
    MessageSizeOver: size,
    ExpiryDate: moment,
    SubjectContainsWords: list,
    ApplyOME: flag,
    PrependSubject: word,
    AttachmentSizeOver: size,
    MessageContainsDataClassifications: fc.constantFrom([{ name: 'IBAN', minCount: '1' }], [], null),
  },
  'Get-AcceptedDomain': {
    Identity: name,
    DomainName: name,
    DomainType: fc.constantFrom('Authoritative', 'InternalRelay'),
  },
  'Get-RemoteDomain': { Identity: name, Name: name, DomainName: name, AllowedOOFType: word },
  'Get-OrganizationConfig': { Identity: name, IsDehydrated: flag, RejectDirectSend: flag },
  'Get-HostedConnectionFilterPolicy': { Identity: name, IPAllowList: list, IPBlockList: list },
  'Get-HostedContentFilterPolicy': { Identity: name, SpamAction: word, AllowedSenders: list },
  'Get-TenantAllowBlockListSpoofItems': {
    Identity: guid,
    SpoofedUser: name,
    SendingInfrastructure: name,
    SpoofType: fc.constantFrom('External', 'Internal'),
    Action: fc.constantFrom('Allow', 'Block'),
  },
  'Get-AntiPhishPolicy': { Identity: name, EnableSpoofIntelligence: flag, AuthenticationFailAction: word },
  'Get-DkimSigningConfig': {
    Identity: name,
    Domain: name,
    Selector1CNAME: word,
    Selector1KeySize: fc.constantFrom(2048, '2048', null),
  },
  'Get-ArcConfig': { Identity: name, ArcTrustedSealers: fc.oneof(list, fc.constant('b.example, A.example')) },
  'Get-ProtectionAlert': { Identity: name, Name: name, Disabled: flag, NotifyUser: list },
  'Get-MessageTraceV2': {
    MessageTraceId: guid,
    MessageId: word,
    Received: fc.constantFrom('2026-05-01T10:00:00.1234567Z', '/Date(1777629600000)/'),
    SenderAddress: word,
    RecipientAddress: word,
    Status: name,
    FromIP: word,
  },
  'Get-MessageTraceDetailV2': { Date: fc.constant('2026-05-01T10:00:00Z'), Event: name, Action: word, Detail: word },
  'Validate-OutboundConnector': { TaskName: name, IsTaskSuccessful: fc.boolean(), TaskDetail: word, Detail: word },
};

const kinds = Object.keys(answers) as Kind[];

function answerOf(kind: Kind): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(answers[kind]);
}

/** The same object as another server might answer it: lists in another order, some entries twice, in upper case. */
function retold(raw: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(raw).map(([key, value]) => [
    key,
    Array.isArray(value) ? [...value, ...value].toReversed() : value,
  ]);
  return Object.fromEntries(entries.toReversed());
}

describe.each(kinds)('adapters/exchange-online/canonical: %s', (kind) => {
  it('is the same for an object that is canonical already', () => {
    fc.assert(
      fc.property(answerOf(kind), (raw) => {
        const once = canonical[kind](raw);
        expect(canonical[kind](once)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order of properties and lists, nor on repetition', () => {
    fc.assert(
      fc.property(answerOf(kind), (raw) => {
        expect(canonical[kind](retold(raw))).toEqual(canonical[kind](raw));
      }),
      { numRuns: 200 },
    );
  });

  it('has no difference between two answers for one object', () => {
    fc.assert(
      fc.property(answerOf(kind), (raw) => {
        const wanted = asFields(canonical[kind](raw));
        const read = asFields(canonical[kind](retold({ ...raw, 'Name@data.type': 'System.String' })));
        expect(fieldChanges(wanted, read)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('is plain data that never lacks a field', () => {
    fc.assert(
      fc.property(answerOf(kind), (raw) => {
        const object = canonical[kind](raw);
        expect(JSON.parse(JSON.stringify(object))).toEqual(object);
        expect(Object.values(object)).not.toContain(undefined);
      }),
      { numRuns: 50 },
    );
  });
});

describe('adapters/exchange-online/canonical', () => {
  const rule = {
    Identity: 'R',
    Name: 'R',
    Guid: 'c0000000-0000-4000-8000-000000000001',
    State: 'Enabled',
    Priority: 0,
  };

  it('reads one size from all the ways in which it is written', () => {
    const sizes = ['35 MB (36,700,160 bytes)', '35MB', '35 mb', 36_700_160, '36700160'];
    const read = sizes.map(
      (MessageSizeOver) => canonical['Get-TransportRule']({ ...rule, MessageSizeOver }).MessageSizeOver,
    );
    expect(new Set(read)).toEqual(new Set(['36700160']));
    expect(() => canonical['Get-TransportRule']({ ...rule, MessageSizeOver: 'big' })).toThrow();
  });

  it('reads one moment from both ways in which it is written', () => {
    const outbound = { ...rule, Enabled: true, ConnectorType: 'Partner' };
    const read = ['2026-05-01T10:00:00.0000000+00:00', `/Date(${Date.UTC(2026, 4, 1, 10)})/`].map(
      (moment) =>
        canonical['Get-OutboundConnector']({ ...outbound, LastValidationTimestamp: moment }).LastValidationTimestamp,
    );
    expect(read).toEqual(Array(2).fill('2026-05-01T10:00:00.000Z'));
  });

  it('takes what the admin centre made for the default', () => {
    const inbound = { ...rule, Enabled: true, ConnectorType: 'Partner', ConnectorSource: 'AdminUI' };
    expect(canonical['Get-InboundConnector'](inbound).ConnectorSource).toBe('Default');
  });

  it('names the conditions and actions of a rule that it does not describe', () => {
    const raw = {
      ...rule,
      SubjectContainsWords: ['invoice'],
      ExceptIfWithImportance: 'High',
      ApplyOME: true,
      CopyTo: [],
    };
    expect(canonical['Get-TransportRule'](raw).Unfamiliar).toEqual([
      'ApplyOME',
      'ExceptIfWithImportance',
      'SubjectContainsWords',
    ]);
  });

  it('tells rules apart that differ only in the values of what it does not describe', () => {
    const digestOf = (facts: object) => canonical['Get-TransportRule']({ ...rule, ...facts }).UnfamiliarDigest;
    const facts = [
      {},
      { PrependSubject: '[EXT] ' },
      { PrependSubject: '[OUT] ' },
      { SubjectContainsWords: ['invoice'] },
      { SubjectContainsWords: ['invoice', 'bill'] },
      { ExceptIfSubjectContainsWords: ['invoice'] },
      { AttachmentSizeOver: '35 MB' },
      { AttachmentSizeOver: '36 MB' },
      { MessageContainsDataClassifications: [{ name: 'IBAN', minCount: '1' }] },
      { MessageContainsDataClassifications: [{ name: 'IBAN', minCount: '2' }] },
    ];
    expect(new Set(facts.map(digestOf)).size).toBe(facts.length);
    expect(digestOf({})).toBeNull();
  });

  it('finds no difference between several ways of saying what it does not describe', () => {
    const digestsOf = (...facts: object[]) =>
      new Set(facts.map((one) => canonical['Get-TransportRule']({ ...rule, ...one }).UnfamiliarDigest));
    const found = { name: 'IBAN', minCount: '1' };
    const noted = { '@odata.type': '#Exchange.GenericHashTable', 'minCount@data.type': 'System.String' };
    expect(digestsOf({ SubjectContainsWords: ['b', 'a'] }, { SubjectContainsWords: ['a', 'b', 'a'] }).size).toBe(1);
    expect(digestsOf({ AttachmentSizeOver: '35 MB (36,700,160 bytes)' }, { AttachmentSizeOver: '35MB' }).size).toBe(1);
    expect(
      digestsOf(
        { MessageContainsDataClassifications: [found] },
        { MessageContainsDataClassifications: { ...noted, ...found } },
      ).size,
    ).toBe(1);
    const seen = { PrependSubject: 'x', WhenChanged: '2026-05-01T10:00:00Z', RuleVersion: '14.0', LastModifiedBy: 'a' };
    expect(digestsOf({ PrependSubject: 'x' }, seen).size).toBe(1);
  });

  it('reads sealers from one text with commas', () => {
    const read = canonical['Get-ArcConfig']({ Identity: 'Default', ArcTrustedSealers: 'B.example, a.example' });
    expect(read.ArcTrustedSealers).toEqual(['a.example', 'b.example']);
  });

  it('keeps every text that validation tells about a task, on one line', () => {
    const task = { TaskName: 'Connect', IsTaskSuccessful: false, TaskStatus: 'Failed', TaskDetail: '450\r\n4.4.316' };
    expect(canonical['Validate-OutboundConnector'](task).Detail).toBe('450 4.4.316 Failed');
  });
});

function asFields(object: object): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([field, value]): [string, Json] => [field, value as Json]));
}
