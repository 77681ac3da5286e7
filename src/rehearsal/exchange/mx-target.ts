import { tenantHost } from '../dns/dns-seed.ts';
import type { Tenant } from './tenant.ts';

/** The host on which Microsoft receives the mail of a domain. New tenants get names below mx.microsoft. */
export function mxTarget(tenant: Tenant, domain: string): string {
  if (tenant.switches.newMxTargets) return `${domain.replaceAll('.', '-')}.n-v1.mx.microsoft`;
  return domain === tenant.initialDomain ? `${tenant.name}.mail.protection.outlook.com` : tenantHost(domain);
}
