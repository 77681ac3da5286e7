import { describe, expect, it } from 'vitest';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { cloud, contoso, ends, gatewayIp, knock, lock, passes, scannerIp, stranger } from './small-cloud.ts';

const ownServer: ExchangeObject = {
  Name: 'Own server',
  ConnectorType: 'OnPremises',
  Enabled: true,
  SenderDomains: ['smtp:*;1'],
  SenderIPAddresses: ['203.0.113.40'],
};
const byCertificate: ExchangeObject = {
  ...ownServer,
  Name: 'By certificate',
  SenderIPAddresses: [],
  TlsSenderCertificateName: 'mail.contoso.com',
};
const certificateLock: ExchangeObject = {
  ...lock,
  RestrictDomainsToIPAddresses: false,
  RestrictDomainsToCertificate: true,
  TlsSenderCertificateName: '*.gw.example',
};

interface Example {
  readonly fact: string;
  readonly connectors?: readonly ExchangeObject[];
  readonly rejectDirectSend?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly tls?: boolean;
  readonly certificate?: readonly string[];
  readonly switches?: object;
  readonly end: string;
  /** The connector that took it. */
  readonly by?: string | null;
}

const examples: readonly Example[] = [
  { fact: 'takes mail from anywhere without connectors', end: 'inbox', by: null },
  { fact: 'knows no organisation for a foreign recipient', to: 'a@elsewhere.example', end: 'refused 550 5.7.64' },
  { fact: 'refuses an unknown recipient', to: 'nobody@contoso.com', end: 'refused 550 5.4.1' },
  { fact: 'refuses a stranger while the lock is on', connectors: [lock], end: 'refused 550 5.7.51' },
  { fact: 'refuses a bounce from a stranger too', connectors: [lock], from: '', end: 'refused 550 5.7.51' },
  { fact: 'lets the gateway in', connectors: [lock], source: gatewayIp, end: 'inbox', by: 'Lock' },
  {
    fact: 'locks every accepted domain, also the initial one',
    connectors: [lock],
    to: 'alex@contoso.onmicrosoft.com',
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'locks only the recipients that the connector is associated with',
    connectors: [{ ...lock, AssociatedAcceptedDomains: ['contoso.com'] }],
    to: 'alex@contoso.onmicrosoft.com',
    end: 'inbox',
  },
  {
    fact: 'wants TLS from a partner',
    connectors: [lock],
    source: gatewayIp,
    tls: false,
    end: 'deferred 451 5.7.3',
  },
  {
    fact: 'never refuses on an OnPremises connector, not even clear text or another address',
    connectors: [{ ...ownServer, RequireTls: true, RestrictDomainsToIPAddresses: true }],
    tls: false,
    end: 'inbox',
    by: null,
  },
  {
    fact: 'lets the own server past the lock by its address',
    connectors: [lock, ownServer],
    source: '203.0.113.40',
    end: 'inbox',
    by: 'Own server',
  },
  {
    fact: 'knows the own server by its address, whatever its sender domains say',
    connectors: [lock, { ...ownServer, SenderDomains: ['smtp:other.example;1'] }],
    source: '203.0.113.40',
    end: 'inbox',
    by: 'Own server',
  },
  {
    fact: 'relays for a certificate, whatever its sender domains say',
    connectors: [{ ...byCertificate, SenderDomains: ['smtp:other.example;1'] }],
    certificate: ['mail.contoso.com'],
    to: 'a@elsewhere.example',
    end: 'outside',
    by: 'By certificate',
  },
  {
    fact: 'relays for a certificate in an accepted domain',
    connectors: [byCertificate],
    certificate: ['mail.contoso.com'],
    to: 'a@elsewhere.example',
    from: 'printer@anything.example',
    end: 'outside',
    by: 'By certificate',
  },
  {
    fact: 'does not know a certificate by clear text',
    connectors: [byCertificate],
    certificate: ['mail.contoso.com'],
    tls: false,
    to: 'a@elsewhere.example',
    end: 'refused 550 5.7.64',
  },
  {
    fact: 'does not relay for a certificate whose name is no accepted domain',
    connectors: [{ ...byCertificate, TlsSenderCertificateName: 'mail.vendor.example' }],
    certificate: ['mail.vendor.example'],
    to: 'a@elsewhere.example',
    end: 'refused 550 5.7.64',
  },
  {
    fact: 'relays by address for an envelope sender of its own',
    connectors: [ownServer],
    source: '203.0.113.40',
    from: 'printer@contoso.com',
    to: 'a@elsewhere.example',
    end: 'outside',
    by: 'Own server',
  },
  {
    fact: 'does not relay by address for a foreign envelope sender',
    connectors: [ownServer],
    source: '203.0.113.40',
    to: 'a@elsewhere.example',
    end: 'refused 550 5.7.64',
  },
  {
    fact: 'takes the certificate before the address',
    connectors: [ownServer, byCertificate],
    source: '203.0.113.40',
    certificate: ['mail.contoso.com'],
    end: 'inbox',
    by: 'By certificate',
  },
  {
    fact: 'restricts to a certificate',
    connectors: [certificateLock],
    certificate: ['mx1.gw.example'],
    end: 'inbox',
    by: 'Lock',
  },
  {
    fact: 'refuses another certificate',
    connectors: [certificateLock],
    source: gatewayIp,
    certificate: ['mx1.other.example'],
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'makes no exception from the lock for a sender domain alone',
    connectors: [
      lock,
      {
        ...lock,
        Name: 'Partner',
        SenderDomains: ['smtp:outside.example;1'],
        SenderIPAddresses: [],
        RestrictDomainsToIPAddresses: false,
      },
    ],
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'makes an exception from the lock for a sender with its own addresses',
    connectors: [
      lock,
      { ...lock, Name: 'Partner', SenderDomains: ['smtp:outside.example;1'], SenderIPAddresses: [stranger] },
    ],
    end: 'inbox',
    by: 'Partner',
  },
  {
    fact: 'makes that exception for no other sender',
    connectors: [
      lock,
      { ...lock, Name: 'Partner', SenderDomains: ['smtp:outside.example;1'], SenderIPAddresses: [stranger] },
    ],
    from: 'a@else.example',
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'takes addresses without a restriction for no exception, unless the switch says so',
    connectors: [lock, { ...lock, Name: 'Loose', SenderIPAddresses: [stranger], RestrictDomainsToIPAddresses: false }],
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'takes them for one when the switch says so',
    connectors: [lock, { ...lock, Name: 'Loose', SenderIPAddresses: [stranger], RestrictDomainsToIPAddresses: false }],
    switches: { unrestrictedAddressesAdmit: true },
    end: 'inbox',
    by: 'Loose',
  },
  {
    fact: 'prefers the closest sender domain',
    connectors: [
      { ...lock, Name: 'All', RestrictDomainsToIPAddresses: false },
      { ...lock, Name: 'Sub', SenderDomains: ['*.outside.example'], RestrictDomainsToIPAddresses: false },
      { ...lock, Name: 'Exact', SenderDomains: ['mail.outside.example'], RestrictDomainsToIPAddresses: false },
    ],
    from: 'a@mail.outside.example',
    end: 'inbox',
    by: 'Exact',
  },
  {
    fact: 'refuses own senders from nowhere when direct send is rejected',
    rejectDirectSend: true,
    from: 'boss@sales.contoso.com',
    end: 'refused 550 5.7.68',
  },
  {
    fact: 'rejects direct send for no foreign sender',
    rejectDirectSend: true,
    end: 'inbox',
  },
  {
    fact: 'rejects no direct send that a connector knows by its address',
    rejectDirectSend: true,
    connectors: [ownServer],
    source: '203.0.113.40',
    from: 'boss@contoso.com',
    end: 'inbox',
  },
  {
    fact: 'rejects no direct send that a partner connector knows by its address',
    rejectDirectSend: true,
    connectors: [lock],
    source: gatewayIp,
    from: 'boss@contoso.com',
    end: 'inbox',
    by: 'Lock',
  },
  {
    fact: 'rejects direct send in spite of a connector that knows the sender domain only',
    rejectDirectSend: true,
    connectors: [{ ...lock, RestrictDomainsToIPAddresses: false, SenderIPAddresses: [] }],
    from: 'boss@contoso.com',
    end: 'refused 550 5.7.68',
  },
  {
    fact: 'looks at the connectors before the recipient',
    connectors: [lock],
    to: 'nobody@contoso.com',
    end: 'refused 550 5.7.51',
  },
  {
    fact: 'looks at the recipient before the connectors when the switch says so',
    connectors: [lock],
    to: 'nobody@contoso.com',
    switches: { recipientFirst: true },
    end: 'refused 550 5.4.1',
  },
  {
    fact: 'does nothing by a connector that is off',
    connectors: [{ ...lock, Enabled: false }],
    end: 'inbox',
    by: null,
  },
];

describe('rehearsal/mail-flow/attribution (fidelity point 18)', () => {
  it.each(examples)(
    '$fact',
    ({ connectors = [], rejectDirectSend = false, switches, end, by, from, to, ...arrival }) => {
      const setup = contoso({
        inboundConnectors: connectors,
        organizationConfig: [{ RejectDirectSend: rejectDirectSend }],
      });
      const facts = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const { source = stranger, tls = true, certificate = [] } = arrival;
      const journey = knock(cloud([setup], {}, switches), facts, { source, tls, certificate });
      expect(ends(journey)).toEqual([end]);
      if (by !== undefined) expect(passes(journey)[0]?.connectorIn).toBe(by);
    },
  );

  it('finds the organisation of the certificate before that of the recipient', () => {
    const other = contoso({
      id: 'c0000000-0000-4000-8000-000000000002',
      acceptedDomains: [{ DomainName: 'fabrikam.com', DomainType: 'Authoritative' }],
      mailboxes: new Set(['info@fabrikam.com']),
    });
    const world = cloud([other, contoso({ inboundConnectors: [byCertificate] })], {
      mx: { 'fabrikam.com': 'fabrikam-com.mail.protection.outlook.com' },
    });
    const journey = knock(world, { to: 'info@fabrikam.com' }, { certificate: ['mail.contoso.com'], source: scannerIp });
    expect(passes(journey).map(({ tenant, connectorIn }) => [tenant.at(-1), connectorIn])).toEqual([
      ['1', 'By certificate'],
      ['2', null],
    ]);
    expect(ends(journey)).toEqual(['inbox']);
  });
});
