import { Access, type Consent } from '../entra/access.ts';
import type { DirectoryRole } from '../entra/directory-roles.ts';
import { requestedPermissions } from '../entra/graph-permissions.ts';
import type { ExchangeObject } from './exchange-object.ts';
import { ObjectStore } from './object-store.ts';
import { type TenantSwitches, usualSwitches } from './switches.ts';

export const OBJECT_KINDS = [
  'inboundConnectors',
  'outboundConnectors',
  'transportRules',
  'acceptedDomains',
  'remoteDomains',
  'organizationConfig',
  'connectionFilters',
  'spoofItems',
  'allowBlockItems',
  'antiPhishPolicies',
  'contentFilters',
  'dkimConfigs',
  'arcConfigs',
  'protectionAlerts',
  'servicePrincipals',
  'transportConfigs',
] as const;

export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** A domain that Graph knows and nobody has proved to own yet. */
export interface UnverifiedDomain {
  readonly name: string;
  /** Text of the TXT record that proves it. */
  readonly proof: string;
}

/** One simulated organisation. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly initialDomain: string;
  readonly access: Access;
  /** Short for what `access` holds now; writing it does not wait for anything. */
  consent: Consent;
  /** The application permission Exchange.ManageAsApp. */
  hasExchangeRole: boolean;
  /** The Exchange Administrator directory role. */
  hasDirectoryRole: boolean;
  readonly switches: TenantSwitches;
  /** Addresses that exist, lower case. */
  readonly mailboxes: Set<string>;
  /** By address: the addresses of the people and groups in a group, all lower case. */
  readonly groups: Map<string, ReadonlySet<string>>;
  readonly unverifiedDomains: Map<string, UnverifiedDomain>;
  readonly stores: Readonly<Record<ObjectKind, ObjectStore>>;
  /** The objects of a kind as mail flow sees them at that virtual time (milliseconds). */
  effective(kind: ObjectKind, at: number): ExchangeObject[];
}

const ADMINISTRATOR: DirectoryRole = 'Exchange Administrator';

export function createTenant(identity: { id: string; name: string; initialDomain: string }): Tenant {
  const stores = Object.fromEntries(OBJECT_KINDS.map((kind) => [kind, new ObjectStore()])) as Tenant['stores'];
  const access = new Access({
    consent: 'granted',
    principalEnabled: true,
    exchangePermission: true,
    graphPermissions: requestedPermissions,
    roles: [ADMINISTRATOR],
  });
  return {
    ...identity,
    access,
    get consent() {
      return access.current.consent;
    },
    set consent(consent) {
      access.correct({ consent });
    },
    get hasExchangeRole() {
      return access.current.exchangePermission;
    },
    set hasExchangeRole(exchangePermission) {
      access.correct({ exchangePermission });
    },
    get hasDirectoryRole() {
      return access.current.roles.includes(ADMINISTRATOR);
    },
    set hasDirectoryRole(isGiven) {
      access.correct({ roles: withAdministrator(access.current.roles, isGiven) });
    },
    switches: usualSwitches(),
    mailboxes: new Set(),
    groups: new Map(),
    unverifiedDomains: new Map(),
    stores,
    effective: (kind, at) => stores[kind].effective(at),
  };
}

/** The roles with or without that of Exchange Administrator. */
export function withAdministrator(roles: readonly DirectoryRole[], isGiven: boolean): readonly DirectoryRole[] {
  const others = roles.filter((role) => role !== ADMINISTRATOR);
  return isGiven ? [ADMINISTRATOR, ...others] : others;
}
