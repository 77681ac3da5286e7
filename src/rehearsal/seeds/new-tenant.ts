import { commonProperties } from '../exchange/common-properties.ts';
import { type ExchangeObject, textOf } from '../exchange/exchange-object.ts';
import { createTenant, type ObjectKind, type Tenant } from '../exchange/tenant.ts';

const DAY = 24 * 3600 * 1000;
const PEOPLE = ['alex.morgan', 'kim.berg', 'lou.tanaka'];
const AT_ONCE = { visible: 0, effective: 0 };

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  /** Accepted domains; the first is the default. */
  readonly domains: readonly string[];
  readonly isDehydrated?: boolean;
}

/** An organisation that has existed for a year, with its domains, its configuration and some mailboxes. */
export function newTenant(wanted: NewTenant, now: number): Tenant {
  const initialDomain = `${wanted.name}.onmicrosoft.com`;
  const tenant = createTenant({ id: wanted.id, name: wanted.name, initialDomain });
  tenant.switches.isDehydrated = wanted.isDehydrated ?? false;
  const born = now - 365 * DAY;
  const domains = [...wanted.domains, initialDomain];
  for (const domain of domains) {
    store(tenant, 'acceptedDomains', domain, born, {
      DomainName: domain,
      DomainType: 'Authoritative',
      Default: domain === domains[0],
      InitialDomain: domain === initialDomain,
      MatchSubDomains: false,
      AddressBookEnabled: true,
      AuthenticationType: 'Managed',
      CanHaveCloudCache: false,
      OutboundOnly: false,
      SendingFromDomainDisabled: false,
      SendingToDomainDisabled: false,
      PendingRemoval: false,
      PendingCompletion: false,
      MailFlowRegion: null,
      SmtpDaneStatus: 'Disabled',
    });
    for (const person of ['postmaster', 'info', ...PEOPLE]) tenant.mailboxes.add(`${person}@${domain}`);
  }
  store(tenant, 'organizationConfig', initialDomain, born, {
    DisplayName: wanted.name,
    IsDehydrated: tenant.switches.isDehydrated,
    RejectDirectSend: false,
    AutoEnableArchiveMailbox: null,
    SmtpActionableMessagesEnabled: true,
    MailTipsExternalRecipientsTipsEnabled: false,
    AllowPlusAddressInRecipients: null,
    IsMixedMode: false,
  });
  return tenant;
}

function store(tenant: Tenant, kind: ObjectKind, name: string, born: number, properties: ExchangeObject): void {
  const object = { ...commonProperties(kind, tenant, name, born), ...properties };
  tenant.stores[kind].put(textOf(object, 'Guid'), object, born, AT_ONCE);
}
