import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/adapters/exchange-online/canonical.ts';

const guid = '5F0C0000-0000-4000-8000-00000000ABCD';
const domains = ['*', 'contoso.com', '*.contoso.com', 'bücher.example', 'a.b.c'];
const addresses = ['203.0.113.0/24', '198.51.100.7', '192.0.2.128/25', '198.51.100.9'];

const inbound = {
  Identity: 'Gateway',
  Name: 'Gateway',
  Guid: guid,
  Enabled: false,
  ConnectorType: 'Partner',
  ConnectorSource: 'Default',
  Comment: null,
  SenderDomains: ['smtp:*;1'],
};

/** The ways in which Exchange may write the same list. */
function spellings(values: readonly string[], forms: ((value: string) => string)[]): fc.Arbitrary<string[]> {
  return fc
    .array(fc.tuple(fc.constantFrom(...values), fc.constantFrom(...forms)), { maxLength: 8 })
    .map((entries) => entries.map(([value, form]) => form(value)));
}

const senderDomains = spellings(domains, [
  (value) => value,
  (value) => `smtp:${value}`,
  (value) => `SMTP:${value.toUpperCase()};1`,
  (value) => ` ${value};10 `,
]);
const ranges = spellings(addresses, [
  (value) => value,
  (value) => (value.includes('/') ? value : `${value}/32`),
  (value) => ` ${value}`,
]);

describe('adapters/exchange-online/canonical', () => {
  it('is the same for every order, repetition and spelling of a list', () => {
    fc.assert(
      fc.property(senderDomains, ranges, fc.infiniteStream(fc.double({ min: 0, max: 1 })), (senders, ips, random) => {
        const shuffled = <Entry>(values: Entry[]): Entry[] =>
          [...values, ...values]
            .map((value) => ({ value, key: Number(random.next().value) }))
            .toSorted((left, right) => left.key - right.key)
            .map(({ value }) => value);
        const read = (SenderDomains: string[], SenderIPAddresses: string[]) =>
          canonical['Get-InboundConnector']({
            ...inbound,
            SenderDomains,
            SenderIPAddresses,
            EFSkipIPs: SenderIPAddresses,
          });
        expect(read(shuffled(senders), shuffled(ips))).toEqual(read(senders, ips));
      }),
    );
  });

  it('changes nothing that is canonical already', () => {
    fc.assert(
      fc.property(senderDomains, ranges, fc.option(fc.string()), (SenderDomains, SenderIPAddresses, Comment) => {
        const once = canonical['Get-InboundConnector']({ ...inbound, SenderDomains, SenderIPAddresses, Comment });
        expect(canonical['Get-InboundConnector'](once)).toEqual(once);
      }),
    );
  });

  it('reads null, left out and empty as the same', () => {
    const sparse = canonical['Get-InboundConnector'](inbound);
    const full = { Comment: '', EFUsers: null, EFSkipIPs: [], RequireTls: null, TlsSenderCertificateName: '' };
    expect(canonical['Get-InboundConnector']({ ...inbound, ...full })).toEqual(sparse);
    expect(sparse).toMatchObject({
      Guid: guid.toLowerCase(),
      SenderDomains: ['*'],
      SenderIPAddresses: [],
      RequireTls: false,
      TlsSenderCertificateName: null,
      Comment: '',
    });
  });

  it('does not guess what must be known', () => {
    for (const bad of [
      { Enabled: null },
      { Enabled: 'True' },
      { ConnectorType: 'Other' },
      { Guid: 'x' },
      { Name: '' },
      { SenderDomains: [7] },
      { RequireTls: 'yes' },
    ]) {
      expect(() => canonical['Get-InboundConnector']({ ...inbound, ...bad })).toThrow();
    }
  });

  it('reads rules, outbound connectors, domains and the organisation', () => {
    const names = { Identity: 'X', Name: 'X', Guid: guid };
    expect(
      canonical['Get-TransportRule']({ ...names, State: 'Enabled', Mode: 'Enforce', Priority: '3', Comments: null }),
    ).toMatchObject({ Priority: 3, Comments: '', RouteMessageOutboundConnector: null });
    expect(
      canonical['Get-OutboundConnector']({
        ...names,
        Enabled: true,
        ConnectorType: 'OnPremises',
        SmartHosts: 'Relay.Example',
      }),
    ).toMatchObject({ SmartHosts: ['relay.example'], RecipientDomains: [], TlsSettings: null });
    expect(
      canonical['Get-AcceptedDomain']({ Identity: 'X', DomainName: 'X.Example', DomainType: 'InternalRelay' }),
    ).toMatchObject({ DomainName: 'x.example', Default: false });
    expect(canonical['Get-OrganizationConfig']({ Identity: 'X', RejectDirectSend: null })).toEqual({
      Identity: 'X',
      IsDehydrated: false,
      RejectDirectSend: false,
    });
  });
});
