import { mxTarget } from '../exchange/mx-target.ts';
import type { Tenant } from '../exchange/tenant.ts';
import type { GraphEntity } from './graph-list.ts';
import { idIn } from './principals.ts';

/** The records that a domain needs for Microsoft's services: the MX here is the authoritative one. */
export function serviceRecords(tenant: Tenant, domain: string): GraphEntity[] {
  const record = recordOf(tenant, domain);
  return [
    record('Mx', 'Email', { mailExchange: mxTarget(tenant, domain), preference: 0 }),
    // The stray blank is in Microsoft's own sample.
    record('Txt', 'Email', { text: 'v=spf1 include: spf.protection.outlook.com ~all' }),
    record('CName', 'Email', {
      label: `autodiscover.${domain}`,
      canonicalName: 'autodiscover.outlook.com',
    }),
    record('Srv', 'OfficeCommunicationsOnline', {
      label: '_sipfederationtls._tcp',
      nameTarget: 'sipfed.online.lync.com',
      port: 5061,
      priority: 100,
      protocol: '_tcp',
      service: '_sipfederationtls',
      weight: 1,
    }),
  ];
}

/** Either of the two records proves that a domain is the organisation's. */
export function verificationRecords(tenant: Tenant, domain: string, proof: string): GraphEntity[] {
  const record = recordOf(tenant, domain);
  const host = `${proof.replace('MS=', '')}.msv1.invalid`;
  return [record('Txt', null, { text: proof }), record('Mx', null, { mailExchange: host, preference: 32_767 })];
}

function recordOf(tenant: Tenant, domain: string) {
  return (type: string, supportedService: string | null, facts: GraphEntity): GraphEntity => ({
    '@odata.type': `#microsoft.graph.domainDns${type}Record`,
    id: idIn(tenant.id, `${domain} ${type} ${supportedService}`),
    isOptional: false,
    label: domain,
    recordType: type,
    supportedService,
    ttl: 3600,
    ...facts,
  });
}
