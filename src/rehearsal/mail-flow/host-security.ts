import { type ExchangeObject, isOn, textOf } from '../exchange/exchange-object.ts';
import { certificateCarries } from './match.ts';
import type { DaneAnswer, Network, Reached } from './network.ts';

/** What the destination itself demands of its mail hosts, and whether the connector asks. */
export interface HostDemand {
  /** SmtpDaneMode and MtaStsMode: `None` does not ask, `Mandatory` takes no host without DANE. */
  readonly dane: string;
  readonly sts: string;
  /** The recipient's domain, whose policy lists the hosts; null where smart hosts are named. */
  readonly domain: string | null;
}

const DANE_FAULTS: Readonly<Record<Exclude<DaneAnswer, 'valid'>, string>> = {
  expired: '450 4.7.322 certificate-expired: the certificate of the host is expired',
  mismatch: '450 4.7.323 tlsa-invalid: the domain failed DANE validation',
  bogus: '450 4.7.324 dnssec-invalid: the domain returned invalid DNSSEC records',
  'wrong-name': '450 4.7.325 certificate-host-mismatch: the certificate carries another name',
};

/** By MX both are asked unless the connector says no; for smart hosts DANE counts only where it is mandatory. */
export function hostDemand(connector: ExchangeObject | null, domain: string): HostDemand {
  const isByMx = connector === null || isOn(connector, 'UseMXRecord');
  const dane = connector ? textOf(connector, 'SmtpDaneMode') : '';
  const sts = connector ? textOf(connector, 'MtaStsMode') : '';
  if (isByMx) return { dane, sts, domain };
  return { dane: dane === 'Mandatory' ? dane : 'None', sts: 'None', domain: null };
}

/** Why a host must not be given mail; null when it may. A host that DANE proves needs no policy to name it. */
export function securityFault(network: Network, { dane, sts, domain }: HostDemand, site: Reached): string | null {
  const answer = dane === 'None' ? null : network.dane(site.host);
  if (answer !== null) return answer === 'valid' ? null : DANE_FAULTS[answer];
  if (dane === 'Mandatory')
    return `450 4.7.323 tlsa-invalid: ${site.host} has no TLSA record, which the connector demands`;
  return sts === 'None' || domain === null ? null : policyFault(network, domain, site);
}

function policyFault(network: Network, domain: string, { host, names, isTrusted }: Reached): string | null {
  const policy = network.mtaSts(domain);
  if (policy?.mode !== 'enforce') return null;
  if (!policy.mx.some((pattern) => isListed(pattern.toLowerCase(), host.toLowerCase()))) {
    return refusedHost(`the MTA-STS policy of ${domain} does not list ${host}`);
  }
  const isProved = isTrusted && certificateCarries(names, host);
  return isProved ? null : refusedHost(`${host} shows no certificate that the MTA-STS policy of ${domain} accepts`);
}

/** A wildcard stands for exactly one label (RFC 8461 §4.1). */
function isListed(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.slice(host.indexOf('.')) === pattern.slice(1);
}

function refusedHost(why: string): string {
  return `450 4.4.317 Cannot connect to remote server [Message=454 4.7.5 ${why}]`;
}
