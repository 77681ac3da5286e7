import type { CmdletContext } from '../cmdlet.ts';
import { badArgument, invalid } from '../exchange-error.ts';
import { type ExchangeObject, isOn, listOf, textOf } from '../exchange-object.ts';
import { anySpan } from '../ip-addresses.ts';
import { isSet } from '../rule-text.ts';
import { checkComment, checkName } from './name-rules.ts';
import { ruleExpression } from './rule-expression.ts';
import { actions, conditions, exceptions, MODIFIERS } from './transport-rule-parameters.ts';

const MAX_RULES = 300;
const MAX_RULE_SIZE = 8 * 1024;
const MAX_REGEX_SIZE = 20 * 1024;
const MAX_ADDED = 100;
const MAX_REDIRECTED = 10;
const PATTERN_NAMES = [...Object.keys(conditions), ...Object.keys(exceptions)].filter((name) =>
  name.endsWith('Patterns'),
);
const WORD_NAMES = [...Object.keys(conditions), ...Object.keys(exceptions)].filter((name) =>
  /(?:Words|DomainIs)$/u.test(name),
);

/** Refuses what Exchange refuses about a mail flow rule. */
export function checkTransportRule(context: CmdletContext, rule: ExchangeObject): void {
  checkName(context, 'transportRules', rule, { what: 'transport rule', length: 64 });
  checkComment(rule, 'Comments');
  checkActions(rule);
  checkHeaderPairs(rule);
  checkWords(rule);
  checkRecipients(rule);
  checkPatterns(rule);
  checkSizes(context, rule);
  checkConnector(context, rule);
  for (const name of ['SenderIpRanges', 'ExceptIfSenderIpRanges'])
    for (const entry of listOf(rule, name)) anySpan(entry);
}

export function checkRuleCount({ tenant }: CmdletContext): void {
  if (tenant.stores.transportRules.stored().length >= MAX_RULES) {
    throw invalid(`The organization already has the maximum of ${MAX_RULES} transport rules.`);
  }
}

/** A rule may only route to a connector that exists, is enabled and waits for rules. */
export function checkConnector({ tenant }: CmdletContext, rule: ExchangeObject): void {
  const name = textOf(rule, 'RouteMessageOutboundConnector');
  if (name === '') return;
  const connector = tenant.stores.outboundConnectors.find(name);
  if (!connector) throw invalid(`The outbound connector "${name}" of RouteMessageOutboundConnector doesn't exist.`);
  if (tenant.switches.looseRuleConnector) return;
  if (!isOn(connector, 'Enabled')) throw invalid(`The outbound connector "${name}" is disabled.`);
  if (!isOn(connector, 'IsTransportRuleScoped')) {
    throw invalid(
      `The outbound connector "${name}" is not scoped to transport rules: IsTransportRuleScoped must be true.`,
    );
  }
}

/** The code with which a rule refuses: with a text of its own it is 5.7.1, whatever was asked for. */
export function rejectCode(rule: ExchangeObject): string | null {
  const code = textOf(rule, 'RejectMessageEnhancedStatusCode');
  if (code !== '' && !/^5\.7\.(1|9\d\d)$/u.test(code)) {
    throw invalid('RejectMessageEnhancedStatusCode must be 5.7.1 or a value from 5.7.900 to 5.7.999.');
  }
  if (textOf(rule, 'RejectMessageReasonText') !== '') return '5.7.1';
  return code === '' ? null : code;
}

function checkActions(rule: ExchangeObject): void {
  const names = Object.keys(actions).filter((name) => !MODIFIERS.includes(name));
  if (!names.some((name) => isSet(rule[name])) && !isOn(rule, 'StopRuleProcessing'))
    throw badArgument("All rules must have at least one action.\r\nParameter name: 'Actions'");
  if (isOn(rule, 'RemoveRMSAttachmentEncryption') && !isOn(rule, 'RemoveOMEv2')) {
    throw badArgument('RemoveRMSAttachmentEncryption can only be true when RemoveOMEv2 is true.');
  }
  if (isSet(rule['SetHeaderName']) !== isSet(rule['SetHeaderValue'])) {
    throw badArgument('SetHeaderName and SetHeaderValue must be used together.');
  }
}

function checkHeaderPairs(rule: ExchangeObject): void {
  for (const side of ['', 'ExceptIf']) {
    for (const [header, values] of [
      ['HeaderContainsMessageHeader', 'HeaderContainsWords'],
      ['HeaderMatchesMessageHeader', 'HeaderMatchesPatterns'],
    ] as const) {
      if (isSet(rule[side + header]) !== isSet(rule[side + values])) {
        throw badArgument(`${side}${header} and ${side}${values} must be used together.`);
      }
    }
  }
}

function checkWords(rule: ExchangeObject): void {
  for (const name of WORD_NAMES) {
    const padded = listOf(rule, name).find((word) => word !== word.trim());
    if (padded !== undefined) throw invalid(`The word "${padded}" of ${name} begins or ends with a space.`);
  }
}

function checkRecipients(rule: ExchangeObject): void {
  const added = ['AddToRecipients', 'CopyTo', 'BlindCopyTo'].flatMap((name) => listOf(rule, name));
  if (added.length > MAX_ADDED) throw invalid(`A rule can add at most ${MAX_ADDED} recipients.`);
  if (listOf(rule, 'RedirectMessageTo').length > MAX_REDIRECTED) {
    throw invalid(`RedirectMessageTo takes at most ${MAX_REDIRECTED} recipients.`);
  }
}

function checkPatterns(rule: ExchangeObject): void {
  for (const name of PATTERN_NAMES) {
    for (const pattern of listOf(rule, name)) {
      if (!ruleExpression(pattern)) {
        throw invalid(`The pattern "${pattern}" of ${name} is not a valid regular expression.`);
      }
    }
  }
}

function checkSizes({ tenant }: CmdletContext, rule: ExchangeObject): void {
  const names = [...Object.keys(conditions), ...Object.keys(exceptions), ...Object.keys(actions)];
  const used = Object.fromEntries(names.filter((name) => isSet(rule[name])).map((name) => [name, rule[name]]));
  if (Buffer.byteLength(JSON.stringify(used)) > MAX_RULE_SIZE) throw invalid('The rule is larger than 8 KB.');
  const others = tenant.stores.transportRules.stored().filter((other) => other['Guid'] !== rule['Guid']);
  const patterns = [...others, rule].flatMap((one) => PATTERN_NAMES.flatMap((name) => listOf(one, name)));
  if (Buffer.byteLength(patterns.join('')) > MAX_REGEX_SIZE) {
    throw invalid('The regular expressions of all transport rules together are larger than 20 KB.');
  }
}
