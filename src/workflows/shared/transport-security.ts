import type { Warning } from '../../core/workflow.ts';
import { mtaStsId } from '../../mail/mta-sts.ts';
import type { MxView, TextView } from '../../ports/dns-resolver.ts';

/** What senders are told about the mail hosts of a domain, beside its MX. */
export interface TransportSecurity {
  readonly domain: string;
  readonly gatewayName: string;
  readonly mx: readonly MxView[];
  /** TXT records of `_mta-sts.<domain>`. */
  readonly policy: readonly TextView[];
}

/** What may keep senders from delivering to the gateway, or no longer protects them, once MX is moved. */
export function transportSecurityWarnings(security: TransportSecurity): Warning[] {
  return [...policyWarnings(security), ...daneWarnings(security)];
}

function policyWarnings({ domain, gatewayName, policy }: TransportSecurity): Warning[] {
  const [id] = policy.map(({ texts }) => mtaStsId(texts)).filter((one) => one !== null);
  if (id !== undefined) {
    const text =
      `${domain} announces an MTA-STS policy (id ${id}). In mode enforce, senders refuse every mail host it does not ` +
      `list, and Switchyard does not read the policy itself. Unless it lists the hosts of ${gatewayName} already, ` +
      `whoever manages https://mta-sts.${domain}/.well-known/mta-sts.txt adds them to its mx lines, gives ` +
      `_mta-sts.${domain} a new id and waits until the max_age of the old policy is over before MX is moved.`;
    return [{ level: 'danger', word: 'refuses-mail', text }];
  }
  const isTold = policy.some(({ status }) => ['answer', 'nodata', 'nxdomain'].includes(status));
  if (isTold || policy.length === 0) return [];
  const text =
    `Whether ${domain} announces an MTA-STS policy is not known: no resolver answered for _mta-sts.${domain}. ` +
    `Whoever manages the DNS of ${domain} looks, because in mode enforce senders refuse every mail host it does not list.`;
  return [{ level: 'notice', text }];
}

/** Source: Microsoft, "How SMTP DANE works": such a host must be the only one. */
function daneWarnings({ domain, gatewayName, mx }: TransportSecurity): Warning[] {
  const hosts = mx.flatMap(({ records }) => records.map(({ exchange }) => exchange));
  const signed = hosts.find((host) => host.endsWith('.mx.microsoft'));
  if (signed === undefined) return [];
  const text =
    `${domain} receives its mail at ${signed}, Microsoft's host for DNSSEC and DANE. With MX at ${gatewayName} that ` +
    `protection ends, unless ${gatewayName} publishes TLSA records for its own hosts; ask the vendor. ` +
    `${signed} must not stay beside other hosts: whoever manages the DNS of ${domain} replaces it in one change.`;
  return [{ level: 'notice', text }];
}
