import type { ExchangeObject } from './exchange-object.ts';
import { ObjectStore } from './object-store.ts';

export const OBJECT_KINDS = [
  'inboundConnectors',
  'outboundConnectors',
  'transportRules',
  'acceptedDomains',
  'organizationConfig',
] as const;

export type ObjectKind = (typeof OBJECT_KINDS)[number];

export type Consent = 'granted' | 'missing' | 'revoked';

/** Ways in which organisations differ; every one of them occurs in the wild. */
export interface TenantSwitches {
  /** False: new OnPremises inbound connectors are refused until Microsoft support lifts it. */
  onPremisesInboundAllowed: boolean;
  /** True: the organisation was never customised. */
  isDehydrated: boolean;
  /** True: a developer tenant, where inbound connectors are refused. */
  developer: boolean;
  /** True: bad requests answer 500 `InternalServerError`, as older tenants do. */
  olderErrors: boolean;
  /** True: `/` in a connector name is refused. */
  slashInNameRefused: boolean;
  /** True: IP and certificate restriction on one Partner connector are accepted. */
  bothRestrictionsAllowed: boolean;
}

/** One simulated organisation. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly initialDomain: string;
  consent: Consent;
  /** The application permission Exchange.ManageAsApp. */
  hasExchangeRole: boolean;
  /** The Exchange Administrator directory role. */
  hasDirectoryRole: boolean;
  readonly switches: TenantSwitches;
  /** Addresses that exist, lower case. */
  readonly mailboxes: Set<string>;
  readonly stores: Readonly<Record<ObjectKind, ObjectStore>>;
  /** The objects of a kind as mail flow sees them at that virtual time (milliseconds). */
  effective(kind: ObjectKind, at: number): ExchangeObject[];
}

export function createTenant(identity: { id: string; name: string; initialDomain: string }): Tenant {
  const stores = {
    inboundConnectors: new ObjectStore(),
    outboundConnectors: new ObjectStore(),
    transportRules: new ObjectStore(),
    acceptedDomains: new ObjectStore(),
    organizationConfig: new ObjectStore(),
  };
  return {
    ...identity,
    consent: 'granted',
    hasExchangeRole: true,
    hasDirectoryRole: true,
    switches: {
      onPremisesInboundAllowed: true,
      isDehydrated: false,
      developer: false,
      olderErrors: false,
      slashInNameRefused: false,
      bothRestrictionsAllowed: false,
    },
    mailboxes: new Set(),
    stores,
    effective: (kind, at) => stores[kind].effective(at),
  };
}
