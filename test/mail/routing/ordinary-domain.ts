import type { RoutingDomain } from '../../../src/mail/routing/types.ts';

/** An accepted domain as Exchange makes it. */
export const ordinaryDomain: RoutingDomain = {
  DomainName: 'contoso.com',
  DomainType: 'Authoritative',
  Default: true,
  InitialDomain: false,
  MatchSubDomains: false,
  SendingFromDomainDisabled: false,
  SendingToDomainDisabled: false,
};
