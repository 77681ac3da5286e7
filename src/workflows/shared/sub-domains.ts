import type { Warning } from '../../core/workflow.ts';
import { parseDomainName } from '../../mail/domain-name.ts';
import { classifyMx, isMicrosoftMx } from '../../mail/mx.ts';
import { isWithin, mailDomain } from '../../mail/routing/address-match.ts';
import type { MxView } from '../../ports/dns-resolver.ts';
import type { AcceptedDomain } from '../../ports/exchange-online.ts';
import type { World } from '../../ports/world.ts';
import type { SenderGroup } from './sender-groups.ts';
import { microsoftDomains } from './tenant-reads.ts';
import type { RecentMail } from './trace-reads.ts';

/** So many are looked up for one plan; mail to more of them is somebody trying names. */
const mostLookedUp = 50;
const mostNamed = 10;

/** The accepted domains that take mail for every name below them (MatchSubDomains), but Microsoft's own. */
export function domainsWithAllBelow(accepted: readonly AcceptedDomain[]): string[] {
  const microsofts = microsoftDomains(accepted);
  return accepted
    .filter(({ DomainName, MatchSubDomains }) => MatchSubDomains && !microsofts.includes(DomainName))
    .map(({ DomainName }) => DomainName)
    .toSorted();
}

/** What a lock does to mail for such names: nobody sees them in the list of accepted domains. */
export function allBelowWarnings(parents: readonly string[], gatewayName: string): Warning[] {
  if (parents.length === 0) return [];
  const takes = parents.length === 1 ? 'takes mail for every name below it' : 'take mail for every name below them';
  const text =
    `${parents.join(', ')} ${takes} (MatchSubDomains), and mail for these is refused too unless it comes from ` +
    `${gatewayName}. Whoever manages the DNS looks for MX records of such names first: while one points at Office 365, ` +
    'its mail is cut.';
  return [{ level: 'danger', word: 'refuses-mail', text }];
}

interface Lock {
  readonly accepted: readonly AcceptedDomain[];
  readonly mxPatterns: readonly string[];
}

/**
 * Which names below the accepted domains had mail, and where their MX points. Anybody can put names there by sending to
 * them, so they refuse no plan and are no facts of it: whoever approves decides about them.
 */
export async function seenBelowWarnings(
  { dns }: World,
  { accepted, mxPatterns }: Lock,
  mail: RecentMail,
  groups: readonly SenderGroup[],
): Promise<Warning[]> {
  const parents = domainsWithAllBelow(accepted);
  if (parents.length === 0) return [];
  const where = `below ${parents.join(', ')}`;
  if (mail.kind === 'unknown') {
    const text = `Which names ${where} get mail is not known, because the message trace could not be read: ${mail.because}`;
    return [{ level: 'danger', word: 'doubtful-facts', text }];
  }
  const gap = mail.isWhole ? '' : ` What came before ${mail.from} was too much to read.`;
  const own = new Set(accepted.map(({ DomainName }) => DomainName));
  const names = busiestFirst(groups).filter(
    (name) => !own.has(name) && parents.some((parent) => isWithin(name, parent)) && parseDomainName(name).ok,
  );
  if (names.length === 0) return [{ level: 'notice', text: `No name ${where} had mail in the last days.${gap}` }];
  const looked = await Promise.all(
    names.slice(0, mostLookedUp).map(async (name) => ({ name, leads: leadsTo(await dns.mx(name), mxPatterns) })),
  );
  const byLead = Map.groupBy(looked, ({ leads }) => leads);
  const more = names.length - looked.length;
  const sentences = sayings.flatMap(({ leads, saying }) => {
    const same = byLead.get(leads) ?? [];
    return same.length > 0 ? [`${saying}: ${listed(same.map(({ name }) => name))}.`] : [];
  });
  if (more > 0) sentences.push(`${more} more had mail and were not looked up.`);
  const text = `Mail of the last days went to names ${where}. ${sentences.join(' ')}${gap}`;
  if (byLead.has('office')) return [{ level: 'danger', word: 'refuses-mail', text }];
  if (byLead.has('unknown') || more > 0) return [{ level: 'danger', word: 'doubtful-facts', text }];
  return [{ level: 'notice', text }];
}

type Leads = 'office' | 'unknown' | 'elsewhere' | 'gateway' | 'nowhere';

/** What matters most stands first. */
const sayings: readonly { readonly leads: Leads; readonly saying: string }[] = [
  { leads: 'office', saying: 'Their MX points at Office 365, so mail for them is cut unless another tenant takes it' },
  { leads: 'unknown', saying: 'Where their MX points is not known, because resolvers did not answer alike' },
  { leads: 'elsewhere', saying: 'Their MX points elsewhere' },
  { leads: 'gateway', saying: 'Their MX points at the gateway' },
  { leads: 'nowhere', saying: 'They have no MX' },
];

function leadsTo(views: readonly MxView[], mxPatterns: readonly string[]): Leads {
  if (views.some(({ records }) => records.some(({ exchange }) => isMicrosoftMx(exchange)))) return 'office';
  const answers = views.filter(({ status }) => ['answer', 'nodata', 'nxdomain'].includes(status));
  const kinds = new Set(answers.map(({ records }) => classifyMx(records, mxPatterns)));
  if (answers.length < Math.max(1, Math.min(2, views.length))) return 'unknown';
  if ([...kinds].every((kind) => kind === 'none' || kind === 'null-mx')) return 'nowhere';
  if ([...kinds].every((kind) => kind === 'gateway')) return 'gateway';
  return kinds.has('none') ? 'unknown' : 'elsewhere';
}

/** Names that mail was let in for. One letter to each of many names does not hide those that get mail every day. */
function busiestFirst(groups: readonly SenderGroup[]): string[] {
  const counts = new Map<string, number>();
  for (const { to, passed } of groups) {
    if (passed > 0) counts.set(mailDomain(to), (counts.get(mailDomain(to)) ?? 0) + passed);
  }
  return [...counts]
    .toSorted(([one, many], [other, less]) => less - many || (one < other ? -1 : 1))
    .map(([name]) => name);
}

function listed(names: readonly string[]): string {
  const rest = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
