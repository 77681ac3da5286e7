import type { ExchangeObject } from './exchange-object.ts';
import type { ObjectKind, Tenant } from './tenant.ts';

const CLASSES: Readonly<Record<ObjectKind, { category: string; folder: string }>> = {
  inboundConnectors: { category: 'ms-Exch-Smtp-Receive-Connector', folder: 'CN=Inbound Connectors' },
  outboundConnectors: { category: 'ms-Exch-SMTP-Send-Connector', folder: 'CN=Outbound Connectors' },
  transportRules: { category: 'ms-Exch-Transport-Rule', folder: 'CN=TransportVersioned,CN=Rules' },
  acceptedDomains: { category: 'ms-Exch-Accepted-Domain', folder: 'CN=Accepted Domains' },
  remoteDomains: { category: 'ms-Exch-Domain-Content-Config', folder: 'CN=Internet Message Formats' },
  connectionFilters: { category: 'ms-Exch-Hosted-Connection-Filter-Policy', folder: 'CN=Hosted Connection Filter' },
  spoofItems: { category: 'ms-Exch-Spoof-Item', folder: 'CN=Spoof Items' },
  allowBlockItems: { category: 'ms-Exch-Allow-Block-Item', folder: 'CN=Allow Block Items' },
  antiPhishPolicies: { category: 'ms-Exch-Anti-Phish-Policy', folder: 'CN=Anti Phish' },
  contentFilters: { category: 'ms-Exch-Hosted-Content-Filter-Config', folder: 'CN=Hosted Content Filter' },
  dkimConfigs: { category: 'ms-Exch-Dkim-Signing-Config', folder: 'CN=Dkim' },
  arcConfigs: { category: 'ms-Exch-Arc-Config', folder: 'CN=Arc' },
  protectionAlerts: { category: 'ms-Exch-Protection-Alert', folder: 'CN=Alerts' },
  servicePrincipals: { category: 'ms-Exch-Service-Principal', folder: 'CN=ServicePrincipals' },
  transportConfigs: { category: 'ms-Exch-Transport-Settings', folder: 'CN=Transport Settings' },
  organizationConfig: { category: 'ms-Exch-Configuration-Unit-Container', folder: 'CN=Configuration' },
};

/** The properties that every object carries. */
export function commonProperties(kind: ObjectKind, tenant: Tenant, name: string, now: number): ExchangeObject {
  const { category } = CLASSES[kind];
  const guid = crypto.randomUUID();
  return {
    ...named(kind, tenant, name),
    Guid: guid,
    ExchangeObjectId: guid,
    AdminDisplayName: '',
    ExchangeVersion: '0.20 (15.0.0.0)',
    ObjectCategory: `EURPR01A001.PROD.OUTLOOK.COM/Configuration/Schema/${category}`,
    ObjectClass: ['top', category.replaceAll('-', '')],
    OrganizationId: `${tenant.initialDomain} - ${tenant.initialDomain}`,
    OrganizationalUnitRoot: tenant.initialDomain,
    OriginatingServer: 'AM0PR01A0001DC01.EURPR01A001.PROD.OUTLOOK.COM',
    IsValid: true,
    WhenCreated: withOffset(now),
    WhenCreatedUTC: withZ(now),
    ...changedAt(now),
  };
}

/** The properties that follow an object's name. */
export function named(kind: ObjectKind, tenant: Tenant, name: string): ExchangeObject {
  const { folder } = CLASSES[kind];
  return {
    Name: name,
    Identity: name,
    Id: name,
    DistinguishedName: `CN=${name},${folder},CN=Transport Settings,CN=Configuration,CN=${tenant.initialDomain},CN=ConfigurationUnits,DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM`,
  };
}

export function changedAt(now: number): ExchangeObject {
  return { WhenChanged: withOffset(now), WhenChangedUTC: withZ(now) };
}

function withOffset(now: number): string {
  return `${sevenDecimals(now)}+00:00`;
}

export function withZ(now: number): string {
  return `${sevenDecimals(now)}Z`;
}

function sevenDecimals(now: number): string {
  return `${new Date(now).toISOString().slice(0, -1)}0000`;
}
