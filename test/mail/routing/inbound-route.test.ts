import { describe, expect, it } from 'vitest';
import { inboundRoute } from '../../../src/mail/routing/inbound-route.ts';
import { usualReadings } from '../../../src/mail/routing/readings.ts';
import type { RoutingInbound, RoutingMessage, RoutingTenant } from '../../../src/mail/routing/types.ts';
import { inboundConnector } from '../../support/fake-exchange.ts';
import { ordinaryDomain } from './ordinary-domain.ts';

const ownAddress = '203.0.113.40';

const ownServer: RoutingInbound = inboundConnector({
  Name: 'Own server',
  ConnectorType: 'OnPremises',
  SenderDomains: ['other.example'],
  SenderIPAddresses: [ownAddress],
});
const byCertificate = { ...ownServer, SenderIPAddresses: [], TlsSenderCertificateName: 'mail.contoso.com' };
const partner: RoutingInbound = { ...ownServer, Name: 'Partner', ConnectorType: 'Partner', RequireTls: false };
const lock: RoutingInbound = {
  ...partner,
  Name: 'Lock',
  SenderDomains: ['*'],
  SenderIPAddresses: ['65.99.255.0/24'],
  RestrictDomainsToIPAddresses: true,
};

interface Example {
  readonly fact: string;
  readonly connectors: readonly RoutingInbound[];
  readonly from?: string;
  readonly to?: string;
  readonly certificate?: readonly string[];
  readonly by: string | null;
  readonly refusal: string | null;
}

const examples: readonly Example[] = [
  {
    fact: 'knows an own server by its address, whoever the sender is',
    connectors: [ownServer],
    by: 'Own server',
    refusal: null,
  },
  {
    fact: 'lets an own server past a lock, whoever the sender is',
    connectors: [lock, ownServer],
    by: 'Own server',
    refusal: null,
  },
  {
    fact: 'lets an own server relay for an own sender that its sender domains do not name',
    connectors: [ownServer],
    from: 'printer@contoso.com',
    to: 'a@elsewhere.example',
    by: 'Own server',
    refusal: null,
  },
  {
    fact: 'lets an own server relay by its certificate, whoever the sender is',
    connectors: [byCertificate],
    certificate: ['mail.contoso.com'],
    to: 'a@elsewhere.example',
    by: 'Own server',
    refusal: null,
  },
  { fact: 'knows a partner only for the senders that it names', connectors: [partner], by: null, refusal: null },
  {
    fact: 'knows a partner for a sender that it names',
    connectors: [partner],
    from: 'a@other.example',
    by: 'Partner',
    refusal: null,
  },
  {
    fact: 'makes no exception from the lock for a sender that a partner does not name',
    connectors: [lock, { ...partner, RestrictDomainsToIPAddresses: true }],
    by: 'Lock',
    refusal: '5.7.51',
  },
];

describe('mail/routing/inbound-route', () => {
  it.each(examples)('$fact', ({ connectors, from = 'someone@outside.example', to, certificate = [], by, refusal }) => {
    const origin = { by: 'server', address: ownAddress, tls: true, certificate } as const;
    const message: RoutingMessage = {
      origin,
      from,
      headerFrom: from,
      to: to ?? 'info@contoso.com',
      headers: [],
      type: null,
      size: 4096,
      scl: 1,
      recipientExists: true,
      divertedBy: [],
      at: 0,
    };
    const tenant: RoutingTenant = {
      acceptedDomains: [ordinaryDomain],
      inboundConnectors: connectors,
      outboundConnectors: [],
      transportRules: [],
      remoteDomains: [],
      rejectDirectSend: false,
    };
    const route = inboundRoute(tenant, message, origin, usualReadings);
    expect(route).toMatchObject({ connector: by === null ? null : { Name: by }, refusal });
  });
});
