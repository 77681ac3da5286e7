import type { CmdletContext } from './cmdlet.ts';
import { type ExchangeObject, isOn, listOf, textOf } from './exchange-object.ts';

/** One row per smart host and one per test recipient, judged by how the simulated mail hosts behave. */
export function validateOutboundConnector(
  { world }: CmdletContext,
  connector: ExchangeObject,
  recipients: readonly string[],
): ExchangeObject[] {
  const hosts = isOn(connector, 'UseMXRecord')
    ? recipients.map((recipient) => recipient.split('@').at(-1) ?? recipient)
    : listOf(connector, 'SmartHosts');
  const failures = hosts.map((host) => failureOf(world, connector, host));
  const connectivity = hosts.map((host, index) => row(`Check connectivity to '${host}'`, failures[index] ?? null));
  const firstFailure = failures.find((failure) => failure !== null) ?? null;
  const mails = recipients.map((recipient) => row(`Send test email to '${recipient}'`, firstFailure));
  return [...connectivity, ...mails];
}

function row(task: string, failure: string | null): ExchangeObject {
  return {
    TaskName: task,
    IsTaskSuccessful: failure === null,
    TaskStatus: failure === null ? 'Succeeded' : 'Failed',
    TaskDetail: failure ?? 'The task completed.',
  };
}

function failureOf({ dns, smtp }: CmdletContext['world'], connector: ExchangeObject, host: string): string | null {
  const address = addressOf(dns, host);
  if (address === null) return `450 4.4.312 DNS query failed: the host name ${host} could not be resolved.`;
  const behaviour = smtp.behaviour(address);
  if (behaviour === 'refuse' || behaviour === 'silent')
    return `450 4.4.316 Connection refused by or timed out at ${host}.`;
  if (behaviour === 'busy') return `450 4.4.318 ${host} closed the connection during EHLO.`;
  const needsTls = typeof connector['TlsSettings'] === 'string';
  if (behaviour === 'no-starttls' && needsTls) return `450 4.4.317 ${host} does not offer STARTTLS.`;
  const checksName =
    connector['TlsSettings'] === 'CertificateValidation' || connector['TlsSettings'] === 'DomainValidation';
  if (behaviour === 'wrong-certificate' && checksName)
    return `450 4.7.320 The certificate of ${host} was not accepted.`;
  if (connector['TlsSettings'] === 'DomainValidation' && !isNamed(textOf(connector, 'TlsDomain'), host))
    return `450 4.7.321 The certificate of ${host} is not for ${textOf(connector, 'TlsDomain')}.`;
  return null;
}

/** The hosts of the rehearsal show certificates for their own names. */
function isNamed(domain: string, host: string): boolean {
  const [wanted, name] = [domain.toLowerCase(), host.toLowerCase()];
  return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : wanted === name;
}

/** A smart host may be an address already; a domain's mail host is its MX. */
function addressOf(dns: CmdletContext['world']['dns'], host: string): string | null {
  if (/^[\d.]+$/u.test(host)) return host;
  const mail = dns.authority(host, 'MX')[0]?.data.split(' ').at(-1) ?? host;
  return dns.authority(mail, 'A')[0]?.data ?? null;
}
