import { type ExchangeObject, type ExchangeValue, listOf, textOf } from '../exchange/exchange-object.ts';
import { isSet } from '../exchange/rule-text.ts';
import { ruleExpression } from '../exchange/rules/rule-expression.ts';
import { octets } from '../exchange/rules/rule-forms.ts';
import { conditions } from '../exchange/rules/transport-rule-parameters.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { type Arrival, domainOf, headerValues, type MailMessage } from './mail-message.ts';
import { containsWord, holdsAddress } from './match.ts';
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
  /** What a pattern that nobody can read is taken for. */
  readonly unread: boolean;
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
  FromAddressMatchesPatterns: (seen, value) => hasPattern(seen, seen.senders, value),
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
  BetweenMemberOf1: ({ setup, message: { headerFrom: sender }, recipient }, one, other) => {
    const isIn = (groups: ExchangeValue, person: string) => some(groups, (group) => isMember(setup, group, person));
    return (isIn(one, sender) && isIn(other, recipient)) || (isIn(other, sender) && isIn(one, recipient));
  },
  RecipientDomainIs: ({ recipient }, value) => some(value, (domain) => isOf(recipient, domain)),
  RecipientAddressContainsWords: ({ recipient }, value) => some(value, (word) => has(recipient, word)),
  AnyOfRecipientAddressContainsWords: ({ recipient }, value) => some(value, (word) => has(recipient, word)),
  RecipientAddressMatchesPatterns: (seen, value) => hasPattern(seen, [seen.recipient], value),
  AnyOfRecipientAddressMatchesPatterns: (seen, value) => hasPattern(seen, [seen.recipient], value),
  HeaderContainsMessageHeader: ({ message }, header, words) =>
    some(words, (word) => headerValues(message, String(header)).some((one) => containsWord(one, word))),
  HeaderMatchesMessageHeader: (seen, header, patterns) =>
    hasPattern(seen, headerValues(seen.message, String(header)), patterns),
  SubjectContainsWords: ({ message }, value) => some(value, (word) => containsWord(message.subject, word)),
  SubjectMatchesPatterns: (seen, value) => hasPattern(seen, [seen.message.subject], value),
  SubjectOrBodyContainsWords: ({ message }, value) => some(value, (word) => containsWord(message.subject, word)),
  SubjectOrBodyMatchesPatterns: (seen, value) => hasPattern(seen, [seen.message.subject], value),
  MessageTypeMatches: ({ message }, value) => message.type === value,
  MessageSizeOver: ({ message }, value) => message.size >= (octets(String(value)) ?? Number.NaN),
  SCLOver: ({ scl }, value) => scl >= Number(value),
  WithImportance: ({ message }, value) => same(headerValues(message, 'Importance')[0] ?? 'Normal', String(value)),
};

const NAMES = Object.keys(conditions).filter((name) => !SECOND_HALVES.has(name));

/**
 * Whether a rule acts on a message: every condition holds, and no exception does. Null when that hangs on a pattern
 * that cannot be read, or that takes too long.
 */
export function isHit(rule: ExchangeObject, view: RuleView): boolean | null {
  const atMost = isHitIf(rule, view, true);
  return atMost && !isHitIf(rule, view, false) ? null : atMost;
}

/** With what cannot be read taken for the answer that makes the rule act, or for the other one. */
function isHitIf(rule: ExchangeObject, view: RuleView, isForIt: boolean): boolean {
  const holds = (prefix: string, seen: Seen) => (name: string) => test(rule, prefix, name, seen);
  const used = (prefix: string): string[] => NAMES.filter((name) => isSet(rule[prefix + name]));
  return (
    used('').every(holds('', seenBy(rule, view, isForIt))) &&
    !used('ExceptIf').some(holds('ExceptIf', seenBy(rule, view, !isForIt)))
  );
}

/** A test that the rehearsal cannot make, of attachments say, holds for no message. */
function test(rule: ExchangeObject, prefix: string, name: string, seen: Seen): boolean {
  const partner = rule[prefix + (PAIRS[name] ?? '')] ?? null;
  return TESTS[name]?.(seen, rule[prefix + name] ?? null, partner) ?? false;
}

function seenBy(rule: ExchangeObject, view: RuleView, unread: boolean): Seen {
  const { from, headerFrom, to } = view.message;
  const envelope = from === '' ? '<>' : from;
  const where = textOf(rule, 'SenderAddressLocation');
  const senders = { Envelope: [envelope], HeaderOrEnvelope: [headerFrom, envelope] }[where] ?? [headerFrom];
  const isOriginal = rule['RecipientAddressType'] === 'Original';
  return { ...view, senders, recipient: isOriginal ? to : primaryAddress(view.setup, to), unread };
}

/** Where the sender is looked for (SenderAddressLocation) is said of addresses, domains and groups alone. */
function isFromInside({ setup, isInternal, message }: Seen): boolean {
  return isInternal && isInside(setup, message.headerFrom);
}

function isToInside({ setup, isInternal, recipient, switches }: Seen): boolean {
  return isInside(setup, recipient) && (isInternal || !switches.sentToScopeNeedsAuthentication);
}

function isAnyMember({ setup, message }: Seen, groups: ExchangeValue): boolean {
  return some(groups, (group) => message.recipients.some((one) => isMember(setup, group, one)));
}

function hasPattern({ unread }: Seen, within: readonly string[], patterns: ExchangeValue): boolean {
  return some(patterns, (pattern) => within.some((text) => ruleExpression(pattern)?.(text) ?? unread));
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
