import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import { isSet } from '../exchange/rule-text.ts';
import { actions, MODIFIERS } from '../exchange/rules/transport-rule-parameters.ts';
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
    const part = partOf(rule, state, view);
    if (part === 'none') continue;
    if (part === 'waits') return { ...state, end: waiting(rule) };
    state = part === 'watches' ? noted(state, rule, []) : act(rule, state, view);
    const stops = isOn(rule, 'StopRuleProcessing') && (part === 'acts' || view.switches.auditStops);
    if (stops || state.end !== null) break;
  }
  return state;
}

function isInSeason(rule: ExchangeObject, now: number): boolean {
  const from = Date.parse(textOf(rule, 'ActivationDate'));
  const until = Date.parse(textOf(rule, 'ExpiryDate'));
  return !(from > now || until <= now);
}

/** A rule that cannot be worked out is left out, or the message waits where the rule says so. */
function partOf(rule: ExchangeObject, state: Ruled, view: RuleView): 'acts' | 'watches' | 'waits' | 'none' {
  const isActing = isHit(rule, { ...view, message: state.message, scl: state.scl ?? view.scl });
  const isWatching = textOf(rule, 'Mode') !== '' && textOf(rule, 'Mode') !== 'Enforce';
  if (isActing === null) return rule['RuleErrorAction'] === 'Defer' && !isWatching ? 'waits' : 'none';
  if (!isActing) return 'none';
  return isWatching ? 'watches' : 'acts';
}

function waiting(rule: ExchangeObject): RuleEnd {
  const name = textOf(rule, 'Name');
  return {
    kind: 'deferred',
    reply: { code: 451, text: `4.7.0 The transport rule "${name}" cannot be worked out` },
    rule: name,
  };
}

function noted(state: Ruled, rule: ExchangeObject, did: readonly string[]): Ruled {
  return { ...state, hits: [...state.hits, { name: textOf(rule, 'Name'), did }] };
}

function act(rule: ExchangeObject, state: Ruled, view: RuleView): Ruled {
  const changed = isAgain(rule, state.message, view)
    ? { ...state, end: { kind: 'looped', reply: refusals.ruleLoop, rule: textOf(rule, 'Name') } as const }
    : route(rule, change(rule, marked(rule, state, view)), view);
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
const OTHER_DOINGS = Object.keys(actions).filter((name) => !MAIN_DOINGS.includes(name) && !MODIFIERS.includes(name));
const DOINGS = [...MAIN_DOINGS, ...OTHER_DOINGS];

/** The actions that change the message and let it go on. */
function change(rule: ExchangeObject, state: Ruled): Ruled {
  let { recipients } = state;
  let message = withHeadersOf(rule, state.message);
  const prefix = textOf(rule, 'PrependSubject');
  if (prefix !== '') message = { ...message, subject: `${prefix}${message.subject}` };
  const redirected = listOf(rule, 'RedirectMessageTo');
  if (redirected.length > 0) recipients = [...redirected];
  const added = ['AddToRecipients', 'CopyTo', 'BlindCopyTo'].flatMap((property) => listOf(rule, property));
  const scl = isSet(rule['SetSCL']) ? Number(rule['SetSCL']) : state.scl;
  const requiresTls = state.requiresTls || isOn(rule, 'RouteMessageOutboundRequireTls');
  return { ...state, message, recipients: [...new Set([...recipients, ...added])], scl, requiresTls };
}

/** What the service itself notes of loops no rule takes away. */
function withHeadersOf(rule: ExchangeObject, message: MailMessage): MailMessage {
  const named = (property: string): string => {
    const name = textOf(rule, property);
    return name.toLowerCase() === LOOP_HEADER.toLowerCase() ? '' : name;
  };
  const [removed, set] = [named('RemoveHeader'), named('SetHeaderName')];
  const rest = removed === '' ? message : withoutHeaders(message, [removed]);
  return set === '' ? rest : withHeader(rest, set, textOf(rule, 'SetHeaderValue'));
}

const DIVERTING = ['RouteMessageOutboundConnector', 'RedirectMessageTo', 'AddToRecipients', 'CopyTo', 'BlindCopyTo'];

/** A rule may send one message elsewhere once: the second time it has come back to where it was. */
function isAgain(rule: ExchangeObject, message: MailMessage, { setup }: RuleView): boolean {
  const diverts = DIVERTING.some((name) => isSet(rule[name]));
  return diverts && headerValues(message, LOOP_HEADER).includes(loopMark(setup.id, rule));
}

/** Others have rules of the same name, so it says whose rule it was and which one. */
export function loopMark(tenant: string, rule: ExchangeObject): string {
  return `${tenant};${textOf(rule, 'Guid')}`;
}

function marked(rule: ExchangeObject, state: Ruled, { setup }: RuleView): Ruled {
  if (!DIVERTING.some((name) => isSet(rule[name]))) return state;
  const headers = [...state.message.headers, { name: LOOP_HEADER, value: loopMark(setup.id, rule) }];
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
