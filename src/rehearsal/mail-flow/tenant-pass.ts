import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import type { SmtpReply } from '../smtp/smtp-reply.ts';
import { type Authentication, authenticate } from './authentication.ts';
import { INTERNAL_MARK, withMarks, withTrustedMarks } from './cross-premises.ts';
import { maySendTo } from './domain-switches.ts';
import type { FlowSwitches } from './flow-switches.ts';
import { type Arrival, domainOf, headerValues, type MailMessage } from './mail-message.ts';
import type { Network } from './network.ts';
import { chooseOutbound } from './outbound-choice.ts';
import { ownMailStop } from './own-mail-stop.ts';
import { refusals } from './refusals.ts';
import { mayForward } from './remote-domain.ts';
import { withRewrittenSender } from './sender-rewriting.ts';
import { acceptedDomainOf, hasMailbox, isUnknownRecipient, primaryAddress, type Setup } from './setup.ts';
import { signOutgoing } from './sign-outgoing.ts';
import { withFoundSender } from './skip-listing.ts';
import { filter, firstScl } from './spam-filter.ts';
import { type Ruled, type RuleHit, runRules } from './transport-rules.ts';

/** What became of one recipient's copy. */
export type Ending =
  | {
      readonly kind: 'inbox' | 'junk' | 'quarantined' | 'deleted';
      readonly message: MailMessage;
      readonly why: string;
    }
  | { readonly kind: 'deleted' | 'held'; readonly message: MailMessage; readonly rule: string }
  /** The organisation lets nothing leave for that domain which its people's programs forward. */
  | { readonly kind: 'deleted'; readonly message: MailMessage; readonly remoteDomain: string }
  | { readonly kind: 'refused' | 'deferred' | 'looped'; readonly message: MailMessage; readonly reply: SmtpReply }
  | {
      readonly kind: 'sent';
      readonly message: MailMessage;
      readonly connector: ExchangeObject | null;
      /** Whatever the connector asks for. */
      readonly requiresTls: boolean;
    };

/** One way through one organisation. */
export interface TenantPass {
  readonly tenant: string;
  readonly arrival: Arrival;
  /** As it came in. */
  readonly message: MailMessage;
  readonly connectorIn: string | null;
  readonly isInternal: boolean;
  /** Null for the organisation's own mail. */
  readonly authentication: Authentication | null;
  readonly rules: readonly RuleHit[];
  readonly scl: number | null;
  readonly endings: readonly Ending[];
}

export interface PassQuestion {
  readonly setup: Setup;
  readonly switches: FlowSwitches;
  readonly network: Network;
  readonly arrival: Arrival;
  readonly message: MailMessage;
  readonly connector: ExchangeObject | null;
}

const MAX_HOPS = 30;

/** Takes a message that was accepted through the rules to its recipients. */
export function passThrough(question: PassQuestion): TenantPass {
  const { setup, switches, network, arrival, message, connector } = question;
  const isInternal = countsAsInternal(question);
  const authentication =
    arrival.by === 'smtp' && !isInternal ? authenticate({ setup, network, connector, message }, arrival.source) : null;
  const facts = {
    tenant: setup.id,
    arrival,
    message,
    connectorIn: connector ? textOf(connector, 'Name') : null,
    isInternal,
    authentication,
  };
  if (message.hops.length >= MAX_HOPS) {
    return { ...facts, rules: [], scl: null, endings: [{ kind: 'looped', message, reply: refusals.hops }] };
  }
  const stopped = isOwn(question) ? ownMailStop(setup, arrival, message) : null;
  if (stopped) return { ...facts, rules: [], scl: null, endings: [{ kind: 'refused', message, reply: stopped }] };
  const scl = firstScl(message, authentication);
  const isSkipped = authentication !== null && authentication.skipped.length > 0;
  const kept = withTrustedMarks(message, connector);
  const marked = isSkipped ? withFoundSender(kept, authentication.address) : kept;
  const ruled = runRules({ setup, switches, arrival, message: marked, scl, isInternal });
  const endings = endingsOf({ ...question, isInternal, authentication, ruled });
  return { ...facts, rules: ruled.hits, scl: ruled.scl, endings };
}

/** The organisation's own users or servers bring it. */
function isOwn({ arrival, connector }: PassQuestion): boolean {
  return arrival.by === 'submission' || connector?.['ConnectorType'] === 'OnPremises';
}

/** Own users are; so are own servers that a connector trusts, or that carry the mark of a hybrid organisation. */
function countsAsInternal({ arrival, connector, message, switches }: PassQuestion): boolean {
  if (arrival.by === 'submission') return true;
  if (connector?.['ConnectorType'] !== 'OnPremises') return false;
  const mark = headerValues(message, INTERNAL_MARK)[0];
  const isHybrid = isOn(connector, 'CloudServicesMailEnabled') && mark === 'Internal';
  return isOn(connector, 'TreatMessagesAsInternal') || isHybrid || switches.returnedMailIsInternal;
}

/** What is known of a message once the rules have run. */
interface Judged extends PassQuestion {
  readonly isInternal: boolean;
  readonly authentication: Authentication | null;
  readonly ruled: Ruled;
}

function endingsOf(judged: Judged): Ending[] {
  const { message, recipients, end } = judged.ruled;
  if (end === null) return recipients.flatMap((to) => deliver(judged, { ...message, to }));
  if ('reply' in end) return [{ kind: end.kind, message, reply: end.reply }];
  if (end.kind === 'quarantined') return [{ kind: 'quarantined', message, why: `rule ${end.rule}` }];
  return [{ kind: end.kind, message, rule: end.rule }];
}

/** Filtering may send a copy to somebody else instead, whose copy is not filtered again. */
function deliver(judged: Judged, copy: MailMessage): Ending[] {
  const { setup, switches, authentication, ruled } = judged;
  const { route, scl } = ruled;
  if (!maySendTo(setup, copy.to)) return [{ kind: 'refused', message: copy, reply: refusals.closedDomain }];
  const chosen = setup.outboundConnectors.find((one) => route !== null && textOf(one, 'Name') === route);
  if (chosen) return [sent(judged, copy, chosen)];
  const message = { ...copy, to: primaryAddress(setup, copy.to) };
  if (!isHere(setup, message.to)) return [onward(judged, message)];
  const verdict = filter({ setup, switches, message, authentication, scl });
  if (verdict.kind === 'redirected') return verdict.to.map((to) => onward(judged, { ...message, to }));
  if (verdict.kind !== 'copied') return [verdict];
  const own = { kind: 'inbox', message: verdict.message, why: verdict.why } as const;
  return [own, ...verdict.to.map((to) => onward(judged, { ...message, to }))];
}

function onward(judged: Judged, message: MailMessage): Ending {
  const { setup, switches } = judged;
  if (!maySendTo(setup, message.to)) return { kind: 'refused', message, reply: refusals.closedDomain };
  if (isHere(setup, message.to)) return { kind: 'inbox', message, why: '' };
  if (isUnknownRecipient(setup, message.to)) return { kind: 'refused', message, reply: refusals.recipient };
  return sent(judged, message, chooseOutbound(setup, message.to, switches));
}

function sent(judged: Judged, message: MailMessage, connector: ExchangeObject | null): Ending {
  const { setup, network, arrival, isInternal, authentication, ruled } = judged;
  if (message.type === 'AutoForward' && isOwn(judged) && !mayForward(setup, message.to)) {
    return { kind: 'deleted', message, remoteDomain: domainOf(message.to) };
  }
  const hops = arrival.by === 'smtp' ? [...message.hops, arrival.source] : message.hops;
  const told = withMarks({ ...message, hops }, connector, isInternal);
  const rewritten = withRewrittenSender(told, { setup, connector, authentication });
  const leaving = signOutgoing(rewritten, { setup, network, authentication, isOwn: isOwn(judged) });
  return { kind: 'sent', message: leaving, connector, requiresTls: ruled.requiresTls };
}

function isHere(setup: Setup, address: string): boolean {
  return acceptedDomainOf(setup, address) !== null && hasMailbox(setup, address);
}

/** The host names a message is sent to, in order of preference. */
export function nextHosts(
  network: Network,
  setup: Setup,
  { message, connector }: Ending & { kind: 'sent' },
): string[] | null {
  const hosts = connector && !isOn(connector, 'UseMXRecord') ? listOf(connector, 'SmartHosts') : [];
  if (hosts.length > 0) return [...hosts];
  const domain = message.to.slice(message.to.lastIndexOf('@') + 1).toLowerCase();
  const mx = network.mx(domain);
  return mx === null && acceptedDomainOf(setup, message.to) ? [] : mx && [...mx];
}
