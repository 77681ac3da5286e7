// What the facts of workflows are called where people read them.
const names: Readonly<Record<string, string>> = {
  connector: 'Name of the connector',
  different: 'Properties of the connector that are not as planned',
  domain: 'Domain',
  domains: 'Domains that receive mail',
  domainsWithAllBelow: 'Domains that take mail for every name below them',
  enabled: 'The connector is switched on',
  endpoint: 'Mail host of Office 365 for the domain',
  exists: 'The connector is there',
  found: 'The connector is there',
  gateway: 'Gateway',
  gatewayName: 'Name of the gateway',
  gatewayVersion: 'Version of the gateway in the catalogue',
  mailbox: 'Mailbox that is asked about',
  mxPatterns: 'MX hosts of the gateway',
  otherLocks: 'Other connectors that refuse direct delivery',
  ranges: 'Addresses of the gateway',
  restrictions: 'Other connectors that refuse mail',
  tenantId: 'Tenant',
};

/** The name of a fact in words; a name nobody listed is spelt out. */
export function factName(name: string): string {
  const known = names[name];
  if (known !== undefined) return known;
  // A domain or an address is a name already.
  if (!/^[a-z]+(?:[A-Z][a-z]+)*$/.test(name)) return name;
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
