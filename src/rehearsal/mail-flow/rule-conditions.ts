import { type ExchangeObject, type ExchangeValue, listOf, textOf } from '../exchange/exchange-object.ts';
import { isSet } from '../exchange/rule-text.ts';
import { conditions } from '../exchange/rules/transport-rule-parameters.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { type Arrival, domainOf, headerValues, type MailMessage } from './mail-message.ts';
import { containsWord, holdsAddress, matchesPattern } from './match.ts';
import { isInside, isMember, primaryAddress, type Setup } from './setup.ts';

/** What a rule can see of a message. */
export interface RuleView {
  readonly setup: Setup;
  readonly switches: FlowSwitches;
  readonly arrival: Arrival;
  readonly message: MailMessage;
  /** Spam confidence level so far. */
  readonly scl: number;
  /** The connection counts as the organisation's own. */
  readonly isInternal: boolean;
}

interface Seen extends RuleView {
  readonly senders: readonly string[];
  readonly recipient: string;
}

type Test = (seen: Seen, value: ExchangeValue, partner: ExchangeValue) => boolean;

/** Two parameters that are one condition: the first carries the test, the second its words or patterns. */
const PAIRS: Readonly<Record<string, string>> = {
  HeaderContainsMessageHeader: 'HeaderContainsWords',
  HeaderMatchesMessageHeader: 'HeaderMatchesPatterns',
  BetweenMemberOf1: 'BetweenMemberOf2',
};
const SECOND_HALVES = new Set(Object.values(PAIRS));

const TESTS: Readonly<Record<string, Test>> = {
  FromScope: (seen, value) => isFromInside(seen) === (value === 'InOrganization'),
  SentToScope: (seen, value) => isToInside(seen) === (value === 'InOrganization') && value !== 'ExternalPartner',
  From: ({ senders }, value) => some(value, (entry) => senders.some((sender) => same(sender, entry))),
  FromAddressContainsWords: ({ senders }, value) => some(value, (word) => senders.some((one) => has(one, word))),
  FromAddressMatchesPatterns: ({ senders }, value) =>
    some(value, (pattern) => senders.some((one) => matchesPattern(one, pattern))),
  SenderDomainIs: ({ senders }, value) => some(value, (domain) => senders.some((one) => isOf(one, domain))),
  SenderIpRanges: ({ arrival }, value) => arrival.by === 'smtp' && holdsAddress(texts(value), arrival.source),
  SentTo: ({ recipient }, value) => some(value, (entry) => same(recipient, entry)),
  AnyOfToHeader: ({ message }, value) => some(value, (entry) => message.recipients.some((one) => same(one, entry))),
  AnyOfToCcHeader: ({ message }, value) => some(value, (entry) => message.recipients.some((one) => same(one, entry))),
  FromMemberOf: ({ setup, senders }, value) =>
    some(value, (group) => senders.some((one) => isMember(setup, group, one))),
  SentToMemberOf: ({ setup, recipient }, value) => some(value, (group) => isMember(setup, group, recipient)),
  AnyOfToHeaderMemberOf: (seen, value) => isAnyMember(seen, value),
  AnyOfToCcHeaderMemberOf: (seen, value) => isAnyMember(seen, value),
  BetweenMemberOf1: ({ setup, senders: [sender = ''], recipient }, one, other) => {
    const isIn = (groups: ExchangeValue, person: string) => some(groups, (group) => isMember(setup, group, person));
    return (isIn(one, sender) && isIn(other, recipient)) || (isIn(other, sender) && isIn(one, recipient));
  },
  RecipientDomainIs: ({ recipient }, value) => some(value, (domain) => isOf(recipient, domain)),
  RecipientAddressContainsWords: ({ recipient }, value) => some(value, (word) => has(recipient, word)),
  AnyOfRecipientAddressContainsWords: ({ recipient }, value) => some(value, (word) => has(recipient, word)),
  RecipientAddressMatchesPatterns: ({ recipient }, value) => some(value, (one) => matchesPattern(recipient, one)),
  AnyOfRecipientAddressMatchesPatterns: ({ recipient }, value) => some(value, (one) => matchesPattern(recipient, one)),
  HeaderContainsMessageHeader: ({ message }, header, words) => inHeader(message, header, words, containsWord),
  HeaderMatchesMessageHeader: ({ message }, header, patterns) => inHeader(message, header, patterns, matchesPattern),
  SubjectContainsWords: ({ message }, value) => some(value, (word) => containsWord(message.subject, word)),
  SubjectMatchesPatterns: ({ message }, value) => some(value, (one) => matchesPattern(message.subject, one)),
  SubjectOrBodyContainsWords: ({ message }, value) => some(value, (word) => containsWord(message.subject, word)),
  SubjectOrBodyMatchesPatterns: ({ message }, value) => some(value, (one) => matchesPattern(message.subject, one)),
  MessageTypeMatches: ({ message }, value) => message.type === value,
  MessageSizeOver: ({ message }, value) => message.size >= octets(String(value)),
  SCLOver: ({ scl }, value) => scl >= Number(value),
  WithImportance: ({ message }, value) => same(headerValues(message, 'Importance')[0] ?? 'Normal', String(value)),
};

const NAMES = Object.keys(conditions).filter((name) => !SECOND_HALVES.has(name));

/** Whether a rule acts on a message: every condition holds, and no exception does. */
export function isHit(rule: ExchangeObject, view: RuleView): boolean {
  const seen = seenBy(rule, view);
  const holds = (prefix: string) => (name: string) => test(rule, prefix, name, seen);
  const isUsed = (prefix: string) => (name: string) => isSet(rule[prefix + name]);
  return (
    NAMES.filter(isUsed('')).every(holds('')) &&
    !NAMES.filter(isUsed('ExceptIf')).some((name) => holds('ExceptIf')(name))
  );
}

/** A test that the rehearsal cannot make, of attachments say, holds for no message. */
function test(rule: ExchangeObject, prefix: string, name: string, seen: Seen): boolean {
  const partner = rule[prefix + (PAIRS[name] ?? '')] ?? null;
  return TESTS[name]?.(seen, rule[prefix + name] ?? null, partner) ?? false;
}

function seenBy(rule: ExchangeObject, view: RuleView): Seen {
  const { from, headerFrom, to } = view.message;
  const envelope = from === '' ? '<>' : from;
  const where = textOf(rule, 'SenderAddressLocation');
  const senders = { Envelope: [envelope], HeaderOrEnvelope: [headerFrom, envelope] }[where] ?? [headerFrom];
  const isOriginal = rule['RecipientAddressType'] === 'Original';
  return { ...view, senders, recipient: isOriginal ? to : primaryAddress(view.setup, to) };
}

function isFromInside({ setup, isInternal, senders }: Seen): boolean {
  return isInternal && senders.some((sender) => isInside(setup, sender));
}

function isToInside({ setup, isInternal, recipient, switches }: Seen): boolean {
  return isInside(setup, recipient) && (isInternal || !switches.sentToScopeNeedsAuthentication);
}

function isAnyMember({ setup, message }: Seen, groups: ExchangeValue): boolean {
  return some(groups, (group) => message.recipients.some((one) => isMember(setup, group, one)));
}

function inHeader(
  message: MailMessage,
  header: ExchangeValue,
  wanted: ExchangeValue,
  holds: (text: string, wanted: string) => boolean,
): boolean {
  const values = headerValues(message, String(header));
  return some(wanted, (entry) => values.some((value) => holds(value, entry)));
}

function texts(value: ExchangeValue): readonly string[] {
  return Array.isArray(value) ? value : listOf({ value: [String(value)] }, 'value');
}

function some(value: ExchangeValue, holds: (entry: string) => boolean): boolean {
  return texts(value).some(holds);
}

function has(address: string, word: string): boolean {
  return containsWord(address, word);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isOf(address: string, domain: string): boolean {
  const [own, wanted] = [domainOf(address), domain.toLowerCase()];
  return own === wanted || own.endsWith(`.${wanted}`);
}

const UNITS: Readonly<Record<string, number>> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** `22.5 MB (23,592,960 bytes)`, `10MB` or plain octets. */
function octets(value: string): number {
  const exact = /\(([\d,]+) bytes\)/u.exec(value)?.[1];
  if (exact !== undefined) return Number(exact.replaceAll(',', ''));
  const [, amount = '', unit = ''] = /^([\d.]+)\s*([kmg]b)?/iu.exec(value) ?? [];
  return Number(amount) * (UNITS[unit.toLowerCase()] ?? 1);
}
