import type { ObjectKind, Tenant } from '../exchange/tenant.ts';
import type { Setup } from './setup.ts';

/** What mail flow knows of an organisation at that virtual time. Most questions need a part of it only. */
export function setupOf(tenant: Tenant, at: number): Setup {
  const known = new Map<ObjectKind, ReturnType<Tenant['effective']>>();
  const effective = (kind: ObjectKind): ReturnType<Tenant['effective']> => {
    const objects = known.get(kind) ?? tenant.effective(kind, at);
    known.set(kind, objects);
    return objects;
  };
  return {
    id: tenant.id,
    initialDomain: tenant.initialDomain,
    mailboxes: tenant.mailboxes,
    groups: tenant.groups,
    now: at,
    get acceptedDomains() {
      return effective('acceptedDomains');
    },
    get inboundConnectors() {
      return effective('inboundConnectors');
    },
    get outboundConnectors() {
      return effective('outboundConnectors');
    },
    get transportRules() {
      return effective('transportRules');
    },
    get organizationConfig() {
      return effective('organizationConfig');
    },
    get connectionFilters() {
      return effective('connectionFilters');
    },
    get antiPhishPolicies() {
      return effective('antiPhishPolicies');
    },
    get spoofItems() {
      return effective('spoofItems');
    },
    get allowBlockItems() {
      return effective('allowBlockItems');
    },
    get arcConfigs() {
      return effective('arcConfigs');
    },
    get remoteDomains() {
      return effective('remoteDomains');
    },
    get dkimConfigs() {
      return effective('dkimConfigs');
    },
    get contentFilters() {
      return effective('contentFilters');
    },
  };
}
