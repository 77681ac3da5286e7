import type { Check, Finding } from '../core/check.ts';
import { isGatewayMx, isMicrosoftMx } from '../mail/mx.ts';
import { PROBE_SENDER } from '../mail/probe-sender.ts';
import { answerText, isAccepted } from '../mail/smtp-verdict.ts';
import type { SmtpProbeResult } from '../ports/smtp-probe.ts';
import type { World } from '../ports/world.ts';

export type GatewayAcceptsMailArgs = {
  readonly domain: string;
  /** An address that exists in the domain. */
  readonly mailbox: string;
  /** When given, only hosts that match are asked; otherwise all that are not Office 365. */
  readonly mxPatterns?: readonly string[];
  /** Envelope sender from outside the tenant. */
  readonly from?: string;
};

interface Asked {
  readonly host: string;
  readonly result: SmtpProbeResult;
}

/** Refusals that speak of the sender or its address (RFC 7372, RFC 8601 registry), not of the recipient's domain. */
const aboutTheSender = /^5\.7\.(?:2\d|5\d\d|6\d\d)$/u;
const mostHosts = 2;

export const gatewayAcceptsMail: Check<GatewayAcceptsMailArgs, World> = {
  name: 'gateway-accepts-mail',
  title: 'The gateway accepts mail for the domain',
  run: async (world, args, signal) => {
    const hosts = await gatewayHosts(world, args, signal);
    const asked = await Promise.all(hosts.slice(0, mostHosts).map((host) => ask(world, host, args, signal)));
    return judge(args, asked);
  },
};

async function gatewayHosts(
  { dns }: World,
  { domain, mxPatterns }: GatewayAcceptsMailArgs,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const views = await dns.mx(domain, signal);
  const records = views.flatMap((view) => view.records).toSorted((a, b) => a.preference - b.preference);
  const hosts = records.map(({ exchange }) => exchange).filter((host) => host !== '');
  const wanted = (host: string) => (mxPatterns ? isGatewayMx(host, mxPatterns) : !isMicrosoftMx(host));
  return [...new Set(hosts)].filter(wanted);
}

async function ask(
  { dns, smtp }: World,
  host: string,
  args: GatewayAcceptsMailArgs,
  signal?: AbortSignal,
): Promise<Asked> {
  const views = await dns.addresses(host, signal);
  const [address] = views.flatMap(({ addresses }) => addresses).toSorted();
  if (address === undefined) {
    const detail = `no resolver knows an address of ${host}`;
    return { host, result: { kind: 'failure', stage: 'connect', reason: 'unreachable', detail } };
  }
  const from = args.from ?? PROBE_SENDER;
  return { host, result: await smtp.probe({ host, address, from, to: args.mailbox }, signal) };
}

function judge({ domain, mailbox }: GatewayAcceptsMailArgs, asked: readonly Asked[]): Finding {
  const status = agreement(asked.map(({ result }) => statusOf(result)));
  const said = asked.map(({ host, result }) => `${host} answers ${answerText(result)}`);
  return {
    check: gatewayAcceptsMail.name,
    status,
    rule: `The gateway must accept mail for ${domain} before anything else is refused.`,
    fact:
      said.length > 0
        ? `Asked about ${mailbox}: ${said.join('; ')}.`
        : `No mail exchanger of the gateway is known for ${domain}.`,
    remedy: remedies(domain)[status],
    // Which of the hosts answered may differ from one minute to the next; an approval does not hang on that.
    evidence: { domain, status },
  };
}

function statusOf(result: SmtpProbeResult): 'pass' | 'fail' | 'unknown' {
  if (isAccepted(result)) return 'pass';
  const refused = result.kind === 'reply' && result.stage === 'rcpt' && result.code >= 500;
  return refused && !aboutTheSender.test(result.enhancedCode ?? '') ? 'fail' : 'unknown';
}

/** Hosts that contradict each other prove nothing; a host that could not be asked does not take a pass away. */
function agreement(statuses: readonly ('pass' | 'fail' | 'unknown')[]): 'pass' | 'fail' | 'unknown' {
  const passes = statuses.includes('pass');
  const fails = statuses.includes('fail');
  if (passes === fails) return 'unknown';
  return passes ? 'pass' : 'fail';
}

function remedies(domain: string) {
  return {
    pass: '',
    fail: `The gateway does not know ${domain} or the mailbox yet: whoever manages the gateway adds them there; then ask again.`,
    unknown:
      'Ask again later; if it stays so, an operator checks that outgoing TCP port 25 is open where Switchyard runs.',
  };
}
