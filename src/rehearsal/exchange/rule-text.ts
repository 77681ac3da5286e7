import { type ExchangeObject, type ExchangeValue, isOn } from './exchange-object.ts';
import type { Parameters } from './parameter.ts';
import { actions, conditions, exceptions, MODIFIERS } from './rules/transport-rule-parameters.ts';

const NAMESPACE = 'Microsoft.Exchange.MessagingPolicies.Rules.Tasks';
/** Several parameters that are one predicate or action. */
const PARTS: Readonly<Record<string, string>> = {
  HeaderContainsMessageHeader: 'HeaderContains',
  HeaderContainsWords: 'HeaderContains',
  HeaderMatchesMessageHeader: 'HeaderMatches',
  HeaderMatchesPatterns: 'HeaderMatches',
  SetHeaderName: 'SetHeader',
  RejectMessageReasonText: 'RejectMessage',
  RejectMessageEnhancedStatusCode: 'RejectMessage',
};

/** Whether a rule's condition, exception or action is in use. */
export function isSet(value: ExchangeValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== false && value !== '';
}

/** The properties of a rule that Exchange works out from the others. */
export function derivedRuleProperties(rule: ExchangeObject): ExchangeObject {
  return {
    Conditions: typeNames(rule, conditions, '', 'Predicate'),
    Exceptions: typeNames(rule, exceptions, 'ExceptIf', 'Predicate'),
    Actions: typeNames(rule, actions, '', 'Action'),
    Description: describe(rule),
  };
}

/** The names of conditions or actions as Exchange lists them: two parameters may be one. */
export function partNames(table: Parameters): string[] {
  return namesOf(Object.keys(table)).toSorted();
}

function typeNames(rule: ExchangeObject, table: Parameters, prefix: string, suffix: string): string[] | null {
  const used = usedNames(rule, table).map((name) => name.slice(prefix.length));
  const names = namesOf(used).map((name) => `${NAMESPACE}.${name}${suffix}`);
  return names.length > 0 ? names : null;
}

function namesOf(parameters: readonly string[]): string[] {
  return [...new Set(parameters.filter((name) => !MODIFIERS.includes(name)).map((name) => PARTS[name] ?? name))];
}

function usedNames(rule: ExchangeObject, table: Parameters): string[] {
  return Object.keys(table).filter((name) => isSet(rule[name]));
}

function describe(rule: ExchangeObject): string {
  const part = (title: string, table: Parameters): string[] => {
    const lines = usedNames(rule, table).map((name) => `\t${name}: ${shown(rule[name])}`);
    return lines.length > 0 ? [title, ...lines] : [];
  };
  const stop = isOn(rule, 'StopRuleProcessing') ? ['\tStop processing more rules'] : [];
  const acts = part('Take the following actions:', actions);
  return [
    ...part('If the message:', conditions),
    ...(acts.length + stop.length > 0 && acts.length === 0 ? ['Take the following actions:'] : acts),
    ...stop,
    ...part('Except if the message:', exceptions),
  ].join('\r\n');
}

function shown(value: ExchangeValue | undefined): string {
  return Array.isArray(value) ? value.map((item) => `'${item}'`).join(' or ') : String(value);
}
