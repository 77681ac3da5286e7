import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { isSet } from '../exchange/rule-text.ts';
import { actions } from '../exchange/rules/transport-rule-parameters.ts';
import type { SmtpReply } from '../smtp/smtp-reply.ts';
import { headerValues, type MailMessage, withHeader, withoutHeaders } from './mail-message.ts';
import { refusals } from './refusals.ts';
import { isHit, type RuleView } from './rule-conditions.ts';

/** A rule that matched, and what it did: nothing when it only watches. */
export interface RuleHit {
  readonly name: string;
  readonly did: readonly string[];
}

/** What rules may do to end a message's way. */
export type RuleEnd =
  | { readonly kind: 'refused' | 'deferred' | 'looped'; readonly reply: SmtpReply; readonly rule: string }
  | { readonly kind: 'quarantined'; readonly rule: string }
  | { readonly kind: 'deleted' | 'held'; readonly rule: string };

export interface Ruled {
  readonly hits: readonly RuleHit[];
  readonly message: MailMessage;
  /** Who is to get it, the original recipient first unless a rule redirected it. */
  readonly recipients: readonly string[];
  /** Null as long as no rule has set it. */
  readonly scl: number | null;
  /** The outbound connector a rule chose. */
  readonly route: string | null;
  /** A rule lets it leave over TLS only. */
  readonly requiresTls: boolean;
  readonly end: RuleEnd | null;
}

const LOOP_HEADER = 'X-MS-Exchange-Transport-Rules-Loop';

/** Runs the rules in priority, until one of them ends the processing or the message. */
export function runRules(view: RuleView): Ruled {
  const rules = view.setup.transportRules
    .filter((rule) => rule['State'] === 'Enabled' && isInSeason(rule, view.setup.now))
    .sort((one, other) => Number(one['Priority']) - Number(other['Priority']));
  let state: Ruled = {
    hits: [],
    message: view.message,
    recipients: [view.message.to],
    scl: null,
    route: null,
    requiresTls: false,
    end: null,
  };
  for (const rule of rules) {
    if (!isHit(rule, { ...view, message: state.message, scl: state.scl ?? view.scl })) continue;
    const isWatching = textOf(rule, 'Mode') !== '' && textOf(rule, 'Mode') !== 'Enforce';
    state = isWatching ? noted(state, rule, []) : act(rule, state, view);
    const stops = isOn(rule, 'StopRuleProcessing') && (!isWatching || view.switches.auditStops);
    if (stops || state.end !== null) break;
  }
  return state;
}

function isInSeason(rule: ExchangeObject, now: number): boolean {
  const from = Date.parse(textOf(rule, 'ActivationDate'));
  const until = Date.parse(textOf(rule, 'ExpiryDate'));
  return !(from > now || until <= now);
}

function noted(state: Ruled, rule: ExchangeObject, did: readonly string[]): Ruled {
  return { ...state, hits: [...state.hits, { name: textOf(rule, 'Name'), did }] };
}

function act(rule: ExchangeObject, state: Ruled, view: RuleView): Ruled {
  const changed = isAgain(rule, state.message)
    ? { ...state, end: { kind: 'looped', reply: refusals.ruleLoop, rule: textOf(rule, 'Name') } as const }
    : route(rule, change(rule, marked(rule, state)), view);
  const end = changed.end ?? endOf(rule);
  const did = DOINGS.filter((name) => isSet(rule[name]));
  return noted({ ...changed, end }, rule, did);
}

const MAIN_DOINGS = [
  'SetHeaderName',
  'RemoveHeader',
  'PrependSubject',
  'SetSCL',
  'RedirectMessageTo',
  'AddToRecipients',
  'CopyTo',
  'BlindCopyTo',
  'RouteMessageOutboundConnector',
  'RejectMessageReasonText',
  'RejectMessageEnhancedStatusCode',
  'DeleteMessage',
  'Quarantine',
  'ModerateMessageByUser',
  'ModerateMessageByManager',
  'StopRuleProcessing',
];
const OTHER_DOINGS = Object.keys(actions).filter((name) => !MAIN_DOINGS.includes(name) && name !== 'SetHeaderValue');
const DOINGS = [...MAIN_DOINGS, ...OTHER_DOINGS];

/** The actions that change the message and let it go on. */
function change(rule: ExchangeObject, state: Ruled): Ruled {
  let { message, recipients } = state;
  const removed = textOf(rule, 'RemoveHeader');
  if (removed !== '') message = withoutHeaders(message, [removed]);
  const name = textOf(rule, 'SetHeaderName');
  if (name !== '') message = withHeader(message, name, textOf(rule, 'SetHeaderValue'));
  const prefix = textOf(rule, 'PrependSubject');
  if (prefix !== '') message = { ...message, subject: `${prefix}${message.subject}` };
  const redirected = listOf(rule, 'RedirectMessageTo');
  if (redirected.length > 0) recipients = [...redirected];
  const added = ['AddToRecipients', 'CopyTo', 'BlindCopyTo'].flatMap((property) => listOf(rule, property));
  const scl = isSet(rule['SetSCL']) ? Number(rule['SetSCL']) : state.scl;
  const requiresTls = state.requiresTls || isOn(rule, 'RouteMessageOutboundRequireTls');
  return { ...state, message, recipients: [...new Set([...recipients, ...added])], scl, requiresTls };
}

const DIVERTING = ['RouteMessageOutboundConnector', 'RedirectMessageTo', 'AddToRecipients', 'CopyTo', 'BlindCopyTo'];

/** A rule may send one message elsewhere once: the second time it has come back to where it was. */
function isAgain(rule: ExchangeObject, message: MailMessage): boolean {
  const diverts = DIVERTING.some((name) => isSet(rule[name]));
  return diverts && headerValues(message, LOOP_HEADER).includes(textOf(rule, 'Name'));
}

function marked(rule: ExchangeObject, state: Ruled): Ruled {
  if (!DIVERTING.some((name) => isSet(rule[name]))) return state;
  const headers = [...state.message.headers, { name: LOOP_HEADER, value: textOf(rule, 'Name') }];
  return { ...state, message: { ...state.message, headers } };
}

function route(rule: ExchangeObject, state: Ruled, { setup, switches }: RuleView): Ruled {
  const wanted = textOf(rule, 'RouteMessageOutboundConnector');
  if (wanted === '') return state;
  const name = textOf(rule, 'Name');
  const connector = setup.outboundConnectors.find((one) => textOf(one, 'Name').toLowerCase() === wanted.toLowerCase());
  if (!connector || !isOn(connector, 'Enabled') || !isOn(connector, 'IsTransportRuleScoped')) {
    const reply = { code: 451, text: `4.7.0 The outbound connector "${wanted}" of a transport rule cannot be used` };
    return rule['RuleErrorAction'] === 'Defer' ? { ...state, end: { kind: 'deferred', reply, rule: name } } : state;
  }
  if (switches.firstRouteWins && state.route !== null) return state;
  return { ...state, route: textOf(connector, 'Name') };
}

function endOf(rule: ExchangeObject): RuleEnd | null {
  const name = textOf(rule, 'Name');
  const [code, reason] = [textOf(rule, 'RejectMessageEnhancedStatusCode'), textOf(rule, 'RejectMessageReasonText')];
  if (code !== '' || reason !== '') {
    const words = reason === '' ? 'Delivery not authorized, message refused' : reason;
    const text = `${code === '' ? '5.7.1' : code} TRANSPORT.RULES.RejectMessage; ${words}`;
    return { kind: 'refused', reply: { code: 550, text }, rule: name };
  }
  if (isOn(rule, 'DeleteMessage')) return { kind: 'deleted', rule: name };
  if (isOn(rule, 'Quarantine')) return { kind: 'quarantined', rule: name };
  const isHeld = listOf(rule, 'ModerateMessageByUser').length > 0 || isOn(rule, 'ModerateMessageByManager');
  return isHeld ? { kind: 'held', rule: name } : null;
}
