import type { DnsRecord, DnsRecordType } from './dns-record.ts';

/** Where the simulated mail hosts listen. */
export const hostAddresses = { tenantEdge: '127.0.0.11', gateways: '127.0.0.12', ownServer: '127.0.0.13' } as const;

const microsoftSpf = 'include:spf.protection.outlook.com';

interface SeedDomain {
  readonly name: string;
  readonly mx: string;
  readonly spf: string;
  readonly ttl?: number;
}

/** The customer domains as their owners left them: some in order, some half-way through a move. */
const domains: readonly SeedDomain[] = [
  { name: 'contoso.com', mx: tenantHost('contoso.com'), spf: `v=spf1 ${microsoftSpf} -all` },
  { name: 'sales.contoso.com', mx: tenantHost('sales.contoso.com'), spf: `v=spf1 ${microsoftSpf} -all` },
  { name: 'fabrikam.com', mx: 'mx1.oldgate.example', spf: `v=spf1 include:spf.oldgate.example ${microsoftSpf} ~all` },
  {
    name: 'northwind.example',
    mx: tenantHost('northwind.example'),
    spf: `v=spf1 ip4:203.0.113.40 ${microsoftSpf} -all`,
  },
  {
    name: 'adatum.com',
    mx: 'inbound30.exchangedefender.com',
    spf: `v=spf1 include:proxy.exchangedefender.com ${microsoftSpf} -all`,
  },
  { name: 'tailspin.example', mx: tenantHost('tailspin.example'), spf: `v=spf1 ${microsoftSpf} ?all` },
  { name: 'wingtip.example', mx: 'wingtip-example.inbound.emailservice.io', spf: `v=spf1 ${microsoftSpf} -all` },
];

const initialDomains = ['contoso', 'fabrikam', 'northwind', 'adatum', 'tailspin', 'wingtip'];

/** The endpoint Office 365 gives a domain: dots become dashes. */
export function tenantHost(domain: string): string {
  return `${domain.replaceAll('.', '-')}.mail.protection.outlook.com`;
}

function record(name: string, type: DnsRecordType, data: string, ttl = 3600): DnsRecord {
  return { name, type, ttl, data };
}

function ofDomain({ name, mx, spf, ttl = 3600 }: SeedDomain): readonly DnsRecord[] {
  return [
    record(name, 'SOA', `ns1.registrar.example hostmaster.${name} 2026112101 7200 900 1209600 300`),
    record(name, 'NS', 'ns1.registrar.example', 86_400),
    record(name, 'NS', 'ns2.registrar.example', 86_400),
    record(name, 'MX', `0 ${mx}`, ttl),
    record(name, 'TXT', spf),
    record(`_dmarc.${name}`, 'TXT', `v=DMARC1; p=none; rua=mailto:dmarc@${name}`),
  ];
}

function ofInitialDomain(name: string): readonly DnsRecord[] {
  const host = `${name}.onmicrosoft.com`;
  return [
    record(host, 'MX', `0 ${name}.mail.protection.outlook.com`),
    record(host, 'TXT', `v=spf1 ${microsoftSpf} -all`),
  ];
}

/** The name under which reverse look-ups ask for an IPv4 address. */
export function reverseName(address: string): string {
  return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
}

/** What the servers that send mail are called, by the address the world sees them at. */
const senderNames: Readonly<Record<string, string>> = {
  '65.99.255.10': 'outbound.exchangedefender.com',
  '52.0.70.91': 'outbound.emailservice.io',
  '203.0.113.10': 'mx.gate.example',
  '192.0.2.10': 'mx1.oldgate.example',
  '203.0.113.80': 'return.eu.inline.example',
  '203.0.113.90': 'smtp.inkwell.example',
  '203.0.113.40': 'mail.northwind.example',
};

const { tenantEdge, gateways, ownServer } = hostAddresses;

export const seedRecords: readonly DnsRecord[] = [
  ...domains.flatMap(ofDomain),
  ...initialDomains.flatMap(ofInitialDomain),
  record('*.mail.protection.outlook.com', 'A', tenantEdge, 300),
  record('*.mx.microsoft', 'A', tenantEdge, 300),
  record('spf.protection.outlook.com', 'TXT', 'v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/15 -all'),
  record('inbound30.exchangedefender.com', 'A', gateways),
  record('inbound31.exchangedefender.com', 'A', gateways),
  record('outbound.exchangedefender.com', 'A', gateways),
  record('proxy.exchangedefender.com', 'TXT', 'v=spf1 ip4:65.99.255.0/24 ip4:206.125.40.0/24 -all'),
  record('*.emailservice.io', 'A', gateways),
  record('mx.gate.example', 'A', gateways),
  record('mx1.oldgate.example', 'A', gateways),
  record('*.eu.inline.example', 'A', gateways),
  record('smtp.inkwell.example', 'A', gateways),
  record('spf.oldgate.example', 'TXT', 'v=spf1 ip4:192.0.2.0/24 -all'),
  record('mail.northwind.example', 'A', ownServer),
  ...Object.entries(senderNames).map(([address, name]) => record(reverseName(address), 'PTR', name)),
  record('ns1.registrar.example', 'A', '192.0.2.53', 86_400),
  record('ns2.registrar.example', 'A', '192.0.2.54', 86_400),
];
