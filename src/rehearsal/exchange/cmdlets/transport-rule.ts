import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { badArgument } from '../exchange-error.ts';
import { type ExchangeObject, type ExchangeValue, listOf, textOf } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, newObject, remove, save } from '../objects.ts';
import { choice, date, flag, number, type Parameter, type Parameters, required, text, writing } from '../parameter.ts';
import { isAskedFor } from '../rule-filter.ts';
import { derivedRuleProperties } from '../rule-text.ts';
import { attributeTests } from '../rules/directory-attributes.ts';
import { actions, conditions, exceptions } from '../rules/transport-rule-parameters.ts';
import { checkConnector, checkRuleCount, checkTransportRule, rejectCode } from '../rules/transport-rule-rules.ts';

const KIND = 'transportRules';

const PREDICATES = [...Object.keys(conditions), ...Object.keys(exceptions), ...Object.keys(actions)];

const settings: Parameters = {
  ...writing,
  ...conditions,
  ...exceptions,
  ...actions,
  ActivationDate: date,
  Comments: text,
  DlpPolicy: text,
  ExpiryDate: date,
  Mode: choice('Audit', 'AuditAndNotify', 'Enforce'),
  Priority: number,
  RecipientAddressType: choice('Original', 'Resolved'),
  RuleErrorAction: choice('Ignore', 'Defer'),
  RuleSubType: choice('Dlp', 'None'),
  SenderAddressLocation: choice('Header', 'Envelope', 'HeaderOrEnvelope'),
  SetAuditSeverity: choice('DoNotAudit', 'Low', 'Medium', 'High'),
  StopRuleProcessing: flag,
};

const defaults: ExchangeObject = {
  ...unset(conditions),
  ...unset(exceptions),
  ...unset(actions),
  State: 'Enabled',
  Mode: 'Enforce',
  Comments: null,
  CreatedBy: '',
  LastModifiedBy: '',
  ManuallyModified: false,
  DlpPolicy: null,
  DlpPolicyId: '00000000-0000-0000-0000-000000000000',
  ActivationDate: null,
  ExpiryDate: null,
  RuleErrorAction: 'Ignore',
  RuleSubType: 'None',
  SenderAddressLocation: 'Header',
  RecipientAddressType: 'Resolved',
  SetAuditSeverity: null,
  StopRuleProcessing: false,
  UseLegacyRegex: false,
  RuleVersion: '14.0.0.0',
};

export const transportRuleCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-TransportRule',
    parameters: {
      Identity: text,
      ResultSize: text,
      State: choice('Enabled', 'Disabled'),
      DlpPolicy: text,
      ExcludeConditionActionDetails: flag,
      Filter: text,
    },
    run: (context, bound) =>
      getObjects(context, KIND, bound)
        .filter(isAskedFor(bound))
        .sort((one, other) => priorityOf(one) - priorityOf(other)),
  },
  {
    name: 'New-TransportRule',
    parameters: { ...settings, Name: required(text), Enabled: flag, UseLegacyRegex: flag },
    run: create,
  },
  {
    name: 'Set-TransportRule',
    parameters: { ...settings, Identity: required(text), Name: text },
    run: change,
  },
  {
    name: 'Remove-TransportRule',
    parameters: { ...writing, Identity: required(text) },
    run: (context, bound) => {
      const rule = namedObject(context, KIND, bound);
      if (isWhatIf(bound)) return [];
      remove(context, KIND, rule);
      renumber(context, others(context, rule));
      return [];
    },
  },
  {
    name: 'Enable-TransportRule',
    parameters: { ...writing, Identity: required(text), Mode: choice('Audit', 'AuditAndNotify', 'Enforce') },
    run: (context, bound) => switchState(context, bound, 'Enabled'),
  },
  {
    name: 'Disable-TransportRule',
    parameters: { ...writing, Identity: required(text) },
    run: (context, bound) => switchState(context, bound, 'Disabled'),
  },
];

function create(context: CmdletContext, bound: Bound): ExchangeObject[] {
  checkRuleCount(context);
  const { Enabled, ...wanted } = newObject(context, KIND, defaults, bound);
  const existing = others(context, wanted);
  const priority = priorityFrom(bound, existing.length, existing.length);
  const rule = finished(context, {
    ...wanted,
    Priority: priority,
    State: Enabled === false ? 'Disabled' : 'Enabled',
    CreatedBy: context.actor,
  });
  checkTransportRule(context, rule);
  if (isWhatIf(bound)) return [];
  const saved = save(context, KIND, rule);
  renumber(context, existing.toSpliced(priority, 0, saved));
  return [saved];
}

function change(context: CmdletContext, bound: Bound): ExchangeObject[] {
  const before = namedObject(context, KIND, bound);
  const existing = others(context, before);
  const priority = priorityFrom(bound, existing.length, priorityOf(before));
  const rule = finished(context, { ...merged(before, bound), Priority: priority });
  checkTransportRule(context, rule);
  if (isWhatIf(bound)) return [];
  const saved = save(context, KIND, rule);
  renumber(context, existing.toSpliced(priority, 0, saved));
  return [];
}

function switchState(context: CmdletContext, bound: Bound, state: 'Enabled' | 'Disabled'): [] {
  const before = namedObject(context, KIND, bound);
  if (state === 'Enabled') checkConnector(context, before);
  const mode = bound.get('Mode');
  const rule = { ...before, State: state, Mode: typeof mode === 'string' ? mode : (before['Mode'] ?? 'Enforce') };
  if (!isWhatIf(bound)) save(context, KIND, finished(context, rule));
  return [];
}

function finished(context: CmdletContext, rule: ExchangeObject): ExchangeObject {
  const whole = { ...rule, LastModifiedBy: context.actor, RejectMessageEnhancedStatusCode: rejectCode(rule) };
  const stored = {
    ...whole,
    ...connectorName(context, whole),
    ...attributeTests(whole),
    ...Object.fromEntries(emptied(whole)),
  };
  return { ...stored, ...derivedRuleProperties(stored) };
}

/** A condition or action whose list was emptied is unset. */
function emptied(rule: ExchangeObject): [string, null][] {
  return PREDICATES.filter((name) => listOf(rule, name).length === 0 && Array.isArray(rule[name])).map((name) => [
    name,
    null,
  ]);
}

/** Whatever way the connector was named, the rule remembers its name. */
function connectorName({ tenant }: CmdletContext, rule: ExchangeObject): ExchangeObject {
  const connector = tenant.stores.outboundConnectors.find(textOf(rule, 'RouteMessageOutboundConnector'));
  return connector ? { RouteMessageOutboundConnector: textOf(connector, 'Name') } : {};
}

/** New rules may take 0…n, existing ones 0…n−1; `last` is the highest allowed. */
function priorityFrom(bound: Bound, last: number, usual: number): number {
  const wanted = bound.get('Priority');
  if (typeof wanted !== 'number') return usual;
  if (wanted >= 0 && wanted <= last) return wanted;
  throw badArgument(
    `The priority value '${wanted}' isn't valid. Use a value between 0 and ${last}.\r\nParameter name: 'Priority'`,
  );
}

function others(context: CmdletContext, rule: ExchangeObject): ExchangeObject[] {
  return context.tenant.stores[KIND]
    .stored()
    .filter((other) => other['Guid'] !== rule['Guid'])
    .sort((one, other) => priorityOf(one) - priorityOf(other));
}

/** Priorities are 0…n−1 without gaps: rules that moved are stored anew, but nobody changed them. */
function renumber(context: CmdletContext, ordered: readonly ExchangeObject[]): void {
  const bystander = { ...context, fault: null };
  for (const [index, rule] of ordered.entries()) {
    if (priorityOf(rule) !== index) save(bystander, KIND, { ...rule, Priority: index });
  }
}

function priorityOf(rule: ExchangeObject): number {
  return typeof rule['Priority'] === 'number' ? rule['Priority'] : 0;
}

function unset(table: Parameters): ExchangeObject {
  const empty = ({ kind }: Parameter): ExchangeValue => (kind === 'flag' ? false : null);
  return Object.fromEntries(Object.entries(table).map(([name, parameter]) => [name, empty(parameter)]));
}
