import { type ExchangeObject, textOf } from '../exchange/exchange-object.ts';
import { type HostDemand, securityFault } from './host-security.ts';
import { certificateCarries } from './match.ts';
import type { Network, Reached, Site } from './network.ts';

/** What mail asks of the hosts it leaves for. */
export interface TlsDemand {
  /** `EncryptionOnly`, `CertificateValidation` or `DomainValidation`; empty takes any host as it is. */
  readonly settings: string;
  readonly domain: string;
}

/** What an outbound connector demands, or a rule where the connector demands nothing. */
export function tlsDemand(connector: ExchangeObject | null, requiresTls = false): TlsDemand {
  const settings = connector ? textOf(connector, 'TlsSettings') : '';
  const least = requiresTls ? 'EncryptionOnly' : '';
  return { settings: settings || least, domain: connector ? textOf(connector, 'TlsDomain') : '' };
}

/** Why Exchange Online cannot pass mail on to a host as is demanded; null when it can. */
function hostFault(demand: TlsDemand, site: Site): string | null {
  if (site.kind !== 'nowhere') return tlsFault(demand, site);
  const { host, why } = site;
  if (why === 'no address') return `450 4.4.312 DNS query failed: the host name ${host} could not be resolved.`;
  if (why === 'busy') return `450 4.4.318 ${host} closed the connection during EHLO.`;
  return `450 4.4.316 Connection refused by or timed out at ${host}.`;
}

/** The first host that is as the connector and its own domain demand, or what is wrong with the first of them. */
export function reach(
  network: Network,
  { tls, host }: { readonly tls: TlsDemand; readonly host: HostDemand },
  hosts: readonly string[],
): Reached | string {
  const faults: string[] = [];
  for (const site of hosts.map((name) => network.site(name))) {
    const fault = hostFault(tls, site);
    const unsafe = fault === null && site.kind !== 'nowhere' ? securityFault(network, host, site) : null;
    if (site.kind !== 'nowhere' && fault === null && unsafe === null) return site;
    faults.push(fault ?? unsafe ?? '');
  }
  return faults[0] ?? '450 4.4.312 There is no host to send to.';
}

function tlsFault({ settings, domain }: TlsDemand, { host, names, isTrusted }: Reached): string | null {
  if (settings === '') return null;
  if (names.length === 0) return remote(`451 5.7.3 STARTTLS is required to send mail, and ${host} does not offer it`);
  if (settings === 'EncryptionOnly') return null;
  if (!isTrusted) return remote(`454 4.7.5 The certificate of ${host} was not issued by anybody who is trusted`);
  if (settings !== 'DomainValidation' || certificateCarries(names, domain)) return null;
  return remote(`454 4.7.5 The certificate of ${host} does not carry ${domain}`);
}

function remote(message: string): string {
  return `450 4.4.317 Cannot connect to remote server [Message=${message}]`;
}
