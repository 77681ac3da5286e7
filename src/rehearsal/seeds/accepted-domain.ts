import { commonProperties } from '../exchange/common-properties.ts';
import type { ExchangeObject } from '../exchange/exchange-object.ts';
import type { Tenant } from '../exchange/tenant.ts';

/** A domain that the organisation has proved to own and receives mail for. */
export function acceptedDomain(tenant: Tenant, name: string, now: number): ExchangeObject {
  return {
    ...commonProperties('acceptedDomains', tenant, name, now),
    DomainName: name,
    DomainType: 'Authoritative',
    Default: false,
    InitialDomain: name === tenant.initialDomain,
    MatchSubDomains: false,
    AddressBookEnabled: true,
    AuthenticationType: 'Managed',
    RawAuthenticationType: 'Managed',
    AzureProvisioningRegion: '',
    CanHaveCloudCache: false,
    CatchAllRecipientID: null,
    EmailOnly: false,
    ExternallyManaged: false,
    FederatedOrganizationLink: 'Federation',
    IsCoexistenceDomain: false,
    OutboundOnly: false,
    SendingFromDomainDisabled: false,
    SendingToDomainDisabled: false,
    PendingRemoval: false,
    PendingCompletion: false,
    MailFlowRegion: null,
    SmtpDaneStatus: 'Disabled',
  };
}
