import type { Warning } from '../../core/workflow.ts';
import { parseDomainName } from '../../mail/domain-name.ts';
import { isWithin, mailDomain } from '../../mail/routing/address-match.ts';
import type { AcceptedDomain } from '../../ports/exchange-online.ts';
import type { World } from '../../ports/world.ts';
import { microsoftDomains } from './tenant-reads.ts';
import { readRecentMail } from './trace-reads.ts';

/** Names below the accepted domains that get mail without being accepted domains of their own. */
export interface SubDomains {
  /** The accepted domains that take mail for every name below them (MatchSubDomains). */
  readonly parents: readonly string[];
  /** Those that mail of the last days from outside was delivered to; null when that is not known. */
  readonly seen: readonly string[] | null;
  /** Why it is not known, or what else `seen` leaves out; empty when nothing. */
  readonly gap: string;
}

/** So many are looked up for one plan; mail to more of them is somebody trying names. */
const most = 50;

/** Reads the message trace only where an accepted domain takes mail for names below it. */
export async function readSubDomains(world: World, accepted: readonly AcceptedDomain[]): Promise<SubDomains> {
  const microsofts = microsoftDomains(accepted);
  const parents = accepted
    .filter(({ DomainName, MatchSubDomains }) => MatchSubDomains && !microsofts.includes(DomainName))
    .map(({ DomainName }) => DomainName)
    .toSorted();
  if (parents.length === 0) return { parents, seen: [], gap: '' };
  const names = new Set<string>();
  const mail = await readRecentMail(world, (rows) => {
    for (const { FromIP, Status, RecipientAddress } of rows) {
      if (FromIP !== null && Status !== 'Failed') names.add(mailDomain(RecipientAddress));
    }
  });
  if (mail.kind === 'unknown') return { parents, seen: null, gap: mail.because };
  const isOwn = (name: string): boolean => accepted.some(({ DomainName }) => DomainName === name);
  const below = [...names]
    .filter((name) => !isOwn(name) && parents.some((parent) => isWithin(name, parent)) && parseDomainName(name).ok)
    .toSorted();
  const gaps = [
    ...(mail.isWhole ? [] : [`There is more mail than can be read: only what came after ${mail.from} was.`]),
    ...(below.length > most ? [`${below.length - most} more had mail and are not looked up.`] : []),
  ];
  return { parents, seen: below.slice(0, most), gap: gaps.join(' ') };
}

/** What a lock does to mail for them: nobody sees these names in the list of accepted domains. */
export function subDomainWarnings({ parents, seen, gap }: SubDomains, gatewayName: string): Warning[] {
  if (parents.length === 0) return [];
  const takes = parents.length === 1 ? 'takes' : 'take';
  const text =
    `${parents.join(', ')} ${takes} mail for every name below it (MatchSubDomains), and mail for these is refused too ` +
    `unless it comes from ${gatewayName}. ${seenSentence(seen, gap)} Whoever manages the DNS looks for MX records of ` +
    'other names below it first: while one points at Office 365, its mail is cut.';
  return [{ level: 'danger', word: 'refuses-mail', text }];
}

function seenSentence(seen: readonly string[] | null, gap: string): string {
  if (seen === null) return `Which of them get mail is not known, because the message trace could not be read: ${gap}`;
  const had =
    seen.length === 0
      ? 'None of them had mail in the last days.'
      : `Mail of the last days went to ${seen.join(', ')}, whose MX is checked.`;
  return `${had} ${gap}`.trim();
}
