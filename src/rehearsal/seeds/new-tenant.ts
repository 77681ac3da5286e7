import { commonProperties } from '../exchange/common-properties.ts';
import { textOf } from '../exchange/exchange-object.ts';
import type { TenantSwitches } from '../exchange/switches.ts';
import { createTenant, type Tenant } from '../exchange/tenant.ts';
import { acceptedDomain } from './accepted-domain.ts';
import { giveUsualPolicies } from './usual-policies.ts';

const DAY = 24 * 3600 * 1000;
const PEOPLE = ['alex.morgan', 'kim.berg', 'lou.tanaka'];
const AT_ONCE = { visible: 0, effective: 0 };

export interface NewTenant {
  readonly id: string;
  readonly name: string;
  /** Accepted domains; the first is the default. */
  readonly domains: readonly string[];
  readonly switches?: Partial<TenantSwitches>;
  /** Null for an organisation that never decided; false unless said. */
  readonly rejectDirectSend?: null;
  /** Whether keys to sign mail of its default domain have been made; true unless said. */
  readonly hasSigningKeys?: false;
}

/** An organisation that has existed for a year, with its domains, its configuration and some mailboxes. */
export function newTenant(wanted: NewTenant, now: number): Tenant {
  const initialDomain = `${wanted.name}.onmicrosoft.com`;
  const tenant = createTenant({ id: wanted.id, name: wanted.name, initialDomain });
  Object.assign(tenant.switches, wanted.switches);
  const born = now - 365 * DAY;
  const domains = [...wanted.domains, initialDomain];
  for (const domain of domains) {
    const accepted = { ...acceptedDomain(tenant, domain, born), Default: domain === domains[0] };
    tenant.stores.acceptedDomains.put(textOf(accepted, 'Guid'), accepted, born, AT_ONCE);
    for (const person of ['postmaster', 'info', ...PEOPLE]) tenant.mailboxes.add(`${person}@${domain}`);
  }
  const config = {
    ...commonProperties('organizationConfig', tenant, initialDomain, born),
    DisplayName: wanted.name,
    IsDehydrated: tenant.switches.isDehydrated,
    RejectDirectSend: wanted.rejectDirectSend === null ? null : false,
    AutoExpandingArchiveEnabled: false,
    SmtpActionableMessagesEnabled: true,
    MailTipsExternalRecipientsTipsEnabled: false,
    IsMixedMode: false,
  };
  tenant.stores.organizationConfig.put(textOf(config, 'Guid'), config, born, AT_ONCE);
  giveUsualPolicies(tenant, born, wanted.hasSigningKeys ?? true);
  return tenant;
}
