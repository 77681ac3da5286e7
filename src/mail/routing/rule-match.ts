import { addressIsIn } from '../address-span.ts';
import { isWithin, mailDomain } from './address-match.ts';
import { acceptedDomainOf } from './inbound-route.ts';
import type { Readings } from './readings.ts';
import { type RulePattern, rulePattern } from './rule-pattern.ts';
import type { RoutingConditions, RoutingMessage, RoutingRule, RoutingTenant } from './types.ts';

/** Yes, no, or nobody can say. */
export type Truth = boolean | null;

/** What a rule is matched against. */
export interface RuleSubject {
  readonly tenant: RoutingTenant;
  /** As the rules before it left the message. */
  readonly message: RoutingMessage;
  readonly isInternal: boolean;
  readonly readings: Readings;
}

interface Facts extends RuleSubject {
  readonly senders: readonly string[];
  /** Every address the recipient may be known by once it is resolved. */
  readonly recipients: readonly string[];
}

type Condition = keyof RoutingConditions;

/**
 * Whether a rule acts on a message: all conditions hold and no exception does. Null when that hangs on something
 * outside the model: group members, content, a pattern that cannot be read, an unknown spam confidence level.
 * Source: Microsoft, "Mail flow rule conditions and exceptions"; AND between conditions, OR within a list and between
 * exceptions.
 */
export function ruleMatches(rule: RoutingRule, subject: RuleSubject): Truth {
  const facts = factsFor(rule, subject);
  const conditions = used.filter((name) => isUsed(rule[name])).map((name) => holds[name](facts, conditionsOf(rule)));
  const exceptions = used
    .filter((name) => isUsed(rule[`ExceptIf${name}`]))
    .map((name) => holds[name](facts, exceptionsOf(rule)));
  const isWhole = rule.Unfamiliar.length > 0 ? null : true;
  return every([...conditions, inSeason(rule, subject), not(some(exceptions)), isWhole]);
}

function isUsed(value: string | readonly string[] | null): boolean {
  return value !== null && value.length > 0;
}

function conditionsOf(rule: RoutingRule): RoutingConditions {
  return rule;
}

function exceptionsOf(rule: RoutingRule): RoutingConditions {
  const entries = all.map((name) => [name, rule[`ExceptIf${name}`]]);
  return { ...rule, ...Object.fromEntries(entries) };
}

function factsFor(rule: RoutingRule, subject: RuleSubject): Facts {
  const { message, tenant } = subject;
  const envelope = message.from === '' ? '<>' : message.from.toLowerCase();
  const header = message.headerFrom.toLowerCase();
  const { SenderAddressLocation, RecipientAddressType } = rule;
  const both = SenderAddressLocation === 'HeaderOrEnvelope' ? [header, envelope] : [header];
  return {
    ...subject,
    senders: SenderAddressLocation === 'Envelope' ? [envelope] : both,
    recipients: RecipientAddressType === 'Original' ? [message.to.toLowerCase()] : resolved(tenant, message),
  };
}

/**
 * Rules see the primary address instead of one in the initial domain (RecipientAddressType `Resolved`). Which one that
 * is only the directory knows; most people have the same name in the default domain.
 */
function resolved(tenant: RoutingTenant, { to }: RoutingMessage): readonly string[] {
  const address = to.toLowerCase();
  const main = tenant.acceptedDomains.find((domain) => domain.Default);
  const initial = tenant.acceptedDomains.find((domain) => domain.InitialDomain);
  if (!main || !initial || mailDomain(address) !== initial.DomainName || main === initial) return [address];
  return [address, `${address.slice(0, address.lastIndexOf('@'))}@${main.DomainName}`];
}

const holds: Readonly<Record<Condition, (facts: Facts, rule: RoutingConditions) => Truth>> = {
  From: ({ senders }, { From }) => From.some((entry) => senders.includes(entry.toLowerCase())),
  FromAddressContainsWords: ({ senders }, rule) => anyWord(senders, rule.FromAddressContainsWords),
  FromAddressMatchesPatterns: ({ senders }, rule) => anyPattern(senders, rule.FromAddressMatchesPatterns),
  FromMemberOf: () => null,
  FromScope: (facts, { FromScope }) => isFromInside(facts) === (FromScope === 'InOrganization'),
  HeaderContainsMessageHeader: (facts, rule) =>
    anyWord(headerOf(facts, rule.HeaderContainsMessageHeader), rule.HeaderContainsWords),
  HeaderContainsWords: () => true,
  HeaderMatchesMessageHeader: (facts, rule) =>
    anyPattern(headerOf(facts, rule.HeaderMatchesMessageHeader), rule.HeaderMatchesPatterns),
  HeaderMatchesPatterns: () => true,
  MessageSizeOver: ({ message }, { MessageSizeOver }) => message.size >= Number(MessageSizeOver),
  MessageTypeMatches: ({ message }, { MessageTypeMatches }) => message.type === MessageTypeMatches,
  RecipientDomainIs: ({ recipients }, rule) => agreed(recipients, (one) => within(one, rule.RecipientDomainIs)),
  SCLOver: ({ message }, { SCLOver }) => (message.scl === null ? null : message.scl >= Number(SCLOver)),
  SenderDomainIs: ({ senders }, rule) => senders.some((sender) => within(sender, rule.SenderDomainIs)),
  SenderIpRanges: ({ message: { origin } }, { SenderIpRanges }) =>
    origin.by === 'server' && addressIsIn(origin.address, SenderIpRanges),
  SentTo: ({ recipients }, { SentTo }) =>
    agreed(recipients, (one) => SentTo.some((entry) => entry.toLowerCase() === one)),
  SentToMemberOf: () => null,
  SentToScope: sentToScope,
};

const all = Object.keys(holds) as Condition[];

/** The second half of a pair is judged together with the first. */
const used = all.filter((name) => name !== 'HeaderContainsWords' && name !== 'HeaderMatchesPatterns');

/**
 * Inside means submitted with the organisation's rights and sent by an address of an accepted domain that is no
 * external relay; the sender is always that of the header. Source: New-TransportRule, FromScope, and
 * SenderAddressLocation, which lists the conditions that look at the envelope.
 */
function isFromInside({ tenant, isInternal, message }: Facts): boolean {
  return isInternal && isInside(tenant, message.headerFrom);
}

function sentToScope({ tenant, isInternal, recipients, readings }: Facts, { SentToScope }: RoutingConditions): Truth {
  const isKnown = isInternal || !readings.sentToScopeNeedsAuthentication;
  const inside = agreed(recipients, (recipient) => isKnown && isInside(tenant, recipient));
  if (SentToScope === 'InOrganization') return inside;
  return SentToScope === 'ExternalPartner' ? false : not(inside);
}

/** Whether an address is in an accepted domain that the organisation itself has mailboxes in. */
export function isInside(tenant: RoutingTenant, address: string): boolean {
  const domain = acceptedDomainOf(tenant, mailDomain(address));
  return domain !== null && domain.DomainType !== 'ExternalRelay';
}

function inSeason({ ActivationDate, ExpiryDate }: RoutingRule, { message }: RuleSubject): boolean {
  const begins = ActivationDate === null ? Number.NEGATIVE_INFINITY : Date.parse(ActivationDate);
  const ends = ExpiryDate === null ? Number.POSITIVE_INFINITY : Date.parse(ExpiryDate);
  return begins <= message.at && message.at < ends;
}

function within(address: string, domains: readonly string[]): boolean {
  return domains.some((domain) => isWithin(mailDomain(address), domain));
}

function headerOf({ message }: Facts, name: string | null): string[] {
  return message.headers
    .filter((header) => header.name.toLowerCase() === name?.toLowerCase())
    .map(({ value }) => value);
}

/** Whole words or phrases, whatever their case. */
function anyWord(texts: readonly string[], words: readonly string[]): boolean {
  return words.some((word) => texts.some((text) => hasPhrase(text.toLowerCase(), word.toLowerCase())));
}

function hasPhrase(text: string, phrase: string): boolean {
  const isLetter = (at: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(at));
  for (let at = text.indexOf(phrase); at >= 0 && at < text.length; at = text.indexOf(phrase, at + 1)) {
    if (!isLetter(at - 1) && !isLetter(at + phrase.length)) return true;
  }
  return false;
}

function anyPattern(texts: readonly string[], patterns: readonly string[]): Truth {
  return some(readPatterns(patterns).flatMap((isHeldBy) => texts.map(isHeldBy)));
}

/** Lists never change, and one of them is asked about thousands of messages. */
const known = new WeakMap<readonly string[], readonly RulePattern[]>();

function readPatterns(patterns: readonly string[]): readonly RulePattern[] {
  const read = known.get(patterns) ?? patterns.map(rulePattern);
  known.set(patterns, read);
  return read;
}

/** The common answer for all addresses a recipient may have; null when it depends on which it is. */
function agreed(recipients: readonly string[], test: (recipient: string) => boolean): Truth {
  const answers = new Set(recipients.map(test));
  return answers.size === 1 ? answers.has(true) : null;
}

function not(value: Truth): Truth {
  return value === null ? null : !value;
}

function every(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  return values.includes(null) ? null : true;
}

function some(values: readonly Truth[]): Truth {
  return not(every(values.map(not)));
}
