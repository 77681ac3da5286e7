import type { SenderLine, SenderTally } from '../../core/reach.ts';
import { mailDomain } from '../../mail/routing/address-match.ts';
import type { TraceRow } from '../../ports/exchange-questions.ts';

/** Messages that the connectors cannot tell apart: same server, same sender domain, same recipient domain. */
export interface SenderGroup {
  readonly address: string;
  readonly domain: string;
  /** One sender and one recipient that stand for all. */
  readonly from: string;
  readonly to: string;
  readonly recipients: Set<string>;
  /** Messages that came in, and messages that were refused. */
  passed: number;
  refused: number;
  /** ISO time of the newest. */
  lastSeen: string;
}

const mostLines = 20;
const mostDomains = 5;

/** Puts rows of the trace into groups. Rows without an address are people's own mail and calendar traffic. */
export class SenderGroups {
  readonly #groups = new Map<string, SenderGroup>();
  readonly #isOurs: (domain: string) => boolean;

  /** `isOurs` tells accepted domains of the tenant. */
  constructor(isOurs: (domain: string) => boolean) {
    this.#isOurs = isOurs;
  }

  add(rows: readonly TraceRow[]): void {
    for (const row of rows) {
      if (row.FromIP !== null && this.#isOurs(mailDomain(row.RecipientAddress))) this.#addOne(row, row.FromIP);
    }
  }

  all(): readonly SenderGroup[] {
    return [...this.#groups.values()];
  }

  #addOne({ SenderAddress, RecipientAddress, Received, Status }: TraceRow, address: string): void {
    const from = SenderAddress === '<>' ? '' : SenderAddress;
    const domain = mailDomain(from);
    const key = `${address} ${domain} ${mailDomain(RecipientAddress)}`;
    const known = this.#groups.get(key);
    const group = known ?? {
      address,
      domain,
      from,
      to: RecipientAddress,
      recipients: new Set<string>(),
      passed: 0,
      refused: 0,
      lastSeen: Received,
    };
    if (!known) this.#groups.set(key, group);
    group.recipients.add(RecipientAddress);
    if (Status === 'Failed') group.refused += 1;
    else group.passed += 1;
    if (Received > group.lastSeen) group.lastSeen = Received;
  }
}

/** One group of a tally with the messages of it that count. */
export interface Counted {
  readonly group: SenderGroup;
  readonly messages: number;
}

/** What a tally has to ask about domains and groups. */
export interface TallyQuestions {
  /** Whether a domain is an accepted one of the tenant. */
  readonly isOurs: (domain: string) => boolean;
  /** Why it might come out otherwise for a group; null when it is certain. Asked about listed servers only. */
  readonly doubtOf: (group: SenderGroup) => string | null;
}

/** Adds groups up by server. */
export function tallyOf(counted: readonly Counted[], questions: TallyQuestions): SenderTally {
  const byAddress = Map.groupBy(counted, ({ group }) => group.address);
  const servers = [...byAddress].map(([address, parts]) => ({ address, parts, messages: sumOf(parts) }));
  return {
    messages: sumOf(counted),
    sources: servers.length,
    top: servers
      .toSorted((one, other) => other.messages - one.messages || (one.address < other.address ? -1 : 1))
      .slice(0, mostLines)
      .map(({ address, parts }) => lineOf(address, parts, questions)),
  };
}

function sumOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { messages }) => sum + messages, 0);
}

function lineOf(address: string, parts: readonly Counted[], { isOurs, doubtOf }: TallyQuestions): SenderLine {
  const perDomain = new Map<string, number>();
  for (const { group, messages } of parts) {
    perDomain.set(group.domain, (perDomain.get(group.domain) ?? 0) + messages);
  }
  const domains = [...perDomain].toSorted((one, other) => other[1] - one[1]).map(([domain]) => domain);
  return {
    address,
    domains: domains.slice(0, mostDomains),
    moreDomains: Math.max(0, domains.length - mostDomains),
    messages: sumOf(parts),
    recipients: new Set(parts.flatMap(({ group }) => [...group.recipients])).size,
    lastSeen:
      parts
        .map(({ group }) => group.lastSeen)
        .toSorted()
        .at(-1) ?? '',
    isOwn: domains.every(isOurs),
    doubt: parts.slice(0, mostDomains).reduce((doubt: string | null, { group }) => doubt ?? doubtOf(group), null),
  };
}
