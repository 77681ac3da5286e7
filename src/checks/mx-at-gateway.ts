import type { Check, Finding } from '../core/check.ts';
import { duration } from '../mail/duration.ts';
import { classifyMx, isGatewayMx, isMicrosoftMx, type MxClass } from '../mail/mx.ts';
import type { MxView } from '../ports/dns-resolver.ts';
import type { World } from '../ports/world.ts';

export type MxAtGatewayArgs = {
  /** Every domain the change affects. */
  readonly domains: readonly string[];
  readonly mxPatterns: readonly string[];
};

interface DomainSeen {
  readonly domain: string;
  readonly status: 'pass' | 'fail' | 'unknown';
  readonly hosts: readonly string[];
  readonly fact: string;
  readonly remedy: string;
}

const rule =
  'Every mail exchanger of every affected domain must be one of the gateway, as at least two resolvers see it.';
const shownProblems = 4;
const askAgain = 'Ask again in a few minutes; if it stays so, an operator checks the configured resolvers.';

const silence = {
  nodata: 'sees no MX record',
  nxdomain: 'knows no such domain',
  servfail: 'failed',
  refused: 'refused to answer',
  timeout: 'did not answer',
} as const;

export const mxAtGateway: Check<MxAtGatewayArgs, World> = {
  name: 'mx-at-gateway',
  title: 'MX records point at the gateway',
  run: async ({ dns }, { domains, mxPatterns }, signal) => {
    const names = [...new Set(domains)].toSorted();
    const seen = await Promise.all(
      names.map(async (domain) => judge(domain, await dns.mx(domain, signal), mxPatterns)),
    );
    return summary(seen);
  },
};

function summary(seen: readonly DomainSeen[]): Finding {
  const status = worst(seen);
  const problems = seen.filter((domain) => domain.status === status && status !== 'pass');
  const shown = (problems.length > 0 ? problems : seen).slice(0, shownProblems);
  const rest = (problems.length > 0 ? problems : seen).length - shown.length;
  const facts = shown.map(({ fact }) => fact);
  if (rest > 0) facts.push(`${rest} more ${rest === 1 ? 'domain is' : 'domains are'} like this.`);
  return {
    check: mxAtGateway.name,
    status,
    rule,
    fact: facts.join(' ') || 'No domain was named, so nothing was looked up.',
    remedy: [...new Set(shown.map(({ remedy }) => remedy))].join(' ').trim(),
    evidence: Object.fromEntries(seen.map(({ domain, status, hosts }) => [domain, { status, hosts }])),
  };
}

function worst(seen: readonly DomainSeen[]): DomainSeen['status'] {
  if (seen.some(({ status }) => status === 'fail')) return 'fail';
  return seen.length === 0 || seen.some(({ status }) => status === 'unknown') ? 'unknown' : 'pass';
}

function judge(domain: string, views: readonly MxView[], mxPatterns: readonly string[]): DomainSeen {
  const hosts = [...new Set(views.flatMap(({ records }) => records.map(({ exchange }) => exchange)))].toSorted();
  const answers = views
    .filter(({ status }) => ['answer', 'nodata', 'nxdomain'].includes(status))
    .map((view) => ({ view, kind: classifyMx(view.records, mxPatterns) }));
  const enough = answers.length > 0 && answers.length >= Math.min(2, views.length);
  const astray = answers.filter(({ kind }) => kind !== 'gateway' && kind !== 'none');
  if (astray.length > 0) return { domain, hosts, status: 'fail', ...elsewhere(domain, astray, mxPatterns) };
  if (enough && answers.every(({ kind }) => kind === 'none')) {
    return { domain, hosts, status: 'fail', fact: `${domain} has no MX record.`, remedy: publish(domain) };
  }
  if (enough && answers.every(({ kind }) => kind === 'gateway')) {
    const who = answers.length === 1 ? 'The resolver sees' : `${answers.length} resolvers see`;
    return { domain, hosts, status: 'pass', fact: `${who} only ${hosts.join(', ')} for ${domain}.`, remedy: '' };
  }
  return { domain, hosts, status: 'unknown', fact: undecided(domain, views), remedy: askAgain };
}

/** Names what each resolver still answers and for how long it may keep doing so. */
function elsewhere(
  domain: string,
  astray: readonly { readonly view: MxView; readonly kind: MxClass }[],
  mxPatterns: readonly string[],
): { fact: string; remedy: string } {
  const facts = astray.map(({ view, kind }) => {
    if (kind === 'null-mx') return `resolver ${view.resolver} answers that ${domain} takes no mail (null MX)`;
    const strangers = view.records.map(({ exchange }) => exchange).filter((host) => !isGatewayMx(host, mxPatterns));
    const beside = kind === 'mixed' ? ' beside other hosts' : '';
    const still = strangers.map((host) => host || 'a null MX').join(', ');
    return `resolver ${view.resolver} still answers ${still}${beside} for ${domain}, for up to ${duration(view.ttlSeconds)}`;
  });
  const hosts = astray.flatMap(({ view }) => view.records.map(({ exchange }) => exchange));
  const direct = hosts.some(isMicrosoftMx)
    ? ' While one points at Office 365, mail from outside would be refused.'
    : '';
  return { fact: `${facts.join('; ')}.${direct}`, remedy: publish(domain) };
}

function publish(domain: string): string {
  return `Whoever manages the DNS zone of ${domain} leaves only the mail exchangers of the gateway in it and waits until the old answers have run out; then ask again.`;
}

function undecided(domain: string, views: readonly MxView[]): string {
  const seen = views.map(({ resolver, status, records }) => {
    const hosts = records.map(({ exchange }) => exchange).join(', ');
    return `resolver ${resolver} ${status === 'answer' ? `sees ${hosts}` : silence[status]}`;
  });
  return `It is not certain where mail for ${domain} goes: ${seen.join('; ') || 'no resolver is configured'}.`;
}
