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
  /** Whether a host of Office 365 is among the hosts. */
  readonly direct: boolean;
}

const rule =
  'Every mail exchanger of every affected domain must be one of the gateway, as at least two resolvers see it.';
const shownProblems = 4;
const direct = 'While one points at Office 365, mail from outside would be refused.';
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
  if (status === 'fail' && problems.some((domain) => domain.direct)) facts.push(direct);
  return {
    check: mxAtGateway.name,
    status,
    rule,
    fact: facts.join(' ') || 'No domain was named, so nothing was looked up.',
    remedy: remedyFor(status, problems),
    evidence: Object.fromEntries(seen.map(({ domain, status, hosts }) => [domain, { status, hosts }])),
  };
}

function remedyFor(status: DomainSeen['status'], problems: readonly DomainSeen[]): string {
  if (status === 'pass') return '';
  if (status === 'unknown') return askAgain;
  const names = problems.slice(0, shownProblems).map(({ domain }) => domain);
  if (problems.length > shownProblems) names.push('the others');
  return `Whoever manages the DNS of ${listed(names)} leaves only the mail exchangers of the gateway there and waits until the old answers have run out; then ask again.`;
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
  const seen = { domain, hosts, direct: hosts.some(isMicrosoftMx) };
  if (astray.length > 0) return { ...seen, status: 'fail', fact: elsewhere(domain, astray, mxPatterns) };
  if (enough && answers.every(({ kind }) => kind === 'none')) {
    return { ...seen, status: 'fail', fact: `${domain} has no MX record.` };
  }
  if (enough && answers.every(({ kind }) => kind === 'gateway')) {
    const who = answers.length === 1 ? 'The resolver sees' : `${answers.length} resolvers see`;
    return { ...seen, status: 'pass', fact: `${who} only ${hosts.join(', ')} for ${domain}.` };
  }
  return { ...seen, status: 'unknown', fact: undecided(domain, views) };
}

interface Astray {
  readonly view: MxView;
  readonly kind: MxClass;
}

/** Names what the resolvers still answer and for how long they may keep doing so. */
function elsewhere(domain: string, astray: readonly Astray[], mxPatterns: readonly string[]): string {
  const answers = Map.groupBy(astray, (one) => answerOf(one, mxPatterns));
  const facts = [...answers].map(([answer, same]) => {
    const names = listed(same.map(({ view }) => view.resolver));
    const who = same.length === 1 ? `resolver ${names} still answers` : `resolvers ${names} still answer`;
    const left = Math.max(...same.map(({ view }) => view.ttlSeconds));
    return `${who} ${answer} for ${domain}, for up to ${duration(left)}`;
  });
  const text = facts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function answerOf({ view, kind }: Astray, mxPatterns: readonly string[]): string {
  if (kind === 'null-mx') return 'that no mail is taken (null MX)';
  const strangers = view.records.map(({ exchange }) => exchange).filter((host) => !isGatewayMx(host, mxPatterns));
  const names = strangers.map((host) => host || 'a null MX').toSorted();
  return `${names.join(', ')}${kind === 'mixed' ? ' beside other hosts' : ''}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function undecided(domain: string, views: readonly MxView[]): string {
  const seen = views.map(({ resolver, status, records }) => {
    const hosts = records.map(({ exchange }) => exchange).join(', ');
    return `resolver ${resolver} ${status === 'answer' ? `sees ${hosts}` : silence[status]}`;
  });
  return `It is not certain where mail for ${domain} goes: ${seen.join('; ') || 'no resolver is configured'}.`;
}
