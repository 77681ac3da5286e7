import type { Bound } from '../exchange/bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../exchange/cmdlet.ts';
import { badArgument, invalid } from '../exchange/exchange-error.ts';
import { type ExchangeObject, type ExchangeValue, isOn, textOf } from '../exchange/exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, newObject, remove, save } from '../exchange/objects.ts';
import {
  choice,
  date,
  each,
  flag,
  list,
  number,
  type Parameters,
  required,
  table,
  text,
  writing,
} from '../exchange/parameter.ts';
import { checkName } from '../exchange/rules/name-rules.ts';

const KIND = 'protectionAlerts';

const category = choice(
  'AccessGovernance',
  'ComplianceManager',
  'DataGovernance',
  'MailFlow',
  'Others',
  'PrivacyManagement',
  'Supervision',
  'ThreatManagement',
);

const settings: Parameters = {
  ...writing,
  ...each('Disabled NotificationEnabled NotifyUserOnFilterMatch', flag),
  ...each('NotifyUserThrottleThreshold NotifyUserThrottleWindow Threshold TimeWindow VolumeThreshold', number),
  ...each('AlertBy AlertFor NotifyUser Operation PrivacyManagementScopedSensitiveInformationTypes', list),
  ...each('PrivacyManagementScopedSensitiveInformationTypesForCounting', list),
  PrivacyManagementScopedSensitiveInformationTypesThreshold: number,
  ...each('Comment Description Filter NotificationCulture', text),
  AggregationType: choice('None', 'SimpleAggregation', 'AnomalousAggregation'),
  Category: category,
  NotifyUserSuppressionExpiryDate: date,
  Severity: choice('Low', 'Medium', 'High', 'Informational'),
};

/** What an alert policy holds when its author says nothing else. */
export const alertDefaults: ExchangeObject = {
  Disabled: false,
  Severity: 'Low',
  Category: 'Others',
  ThreatType: 'Activity',
  Operation: [],
  AggregationType: 'SimpleAggregation',
  Threshold: null,
  TimeWindow: null,
  VolumeThreshold: null,
  NotifyUser: [],
  NotificationEnabled: true,
  NotifyUserOnFilterMatch: false,
  NotifyUserSuppressionExpiryDate: null,
  IsSystemRule: false,
  Filter: null,
  Comment: null,
  CreatedBy: '',
  LastModifiedBy: '',
};

export const protectionAlertCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-ProtectionAlert',
    parameters: { Identity: text, IncludeRuleXml: flag },
    run: (context, bound) => getObjects(context, KIND, bound).map((alert) => shown(context, alert)),
  },
  {
    name: 'New-ProtectionAlert',
    parameters: {
      ...settings,
      Category: required(category),
      Name: required(text),
      NotifyUser: required(list),
      ThreatType: required(choice('Activity', 'Malware')),
      CorrelationPolicyId: text,
      CustomProperties: table,
      LogicalOperationName: text,
      UseCreatedDateTime: flag,
    },
    run: (context, bound) => {
      const { CustomProperties: _unseen, ...wanted } = newObject(context, KIND, alertDefaults, bound);
      const made = { ...wanted, CreatedBy: context.actor };
      return write(context, made, bound).map((alert) => shown(context, alert));
    },
  },
  {
    name: 'Set-ProtectionAlert',
    parameters: { ...settings, Identity: required(text) },
    run: (context, bound) => {
      const alert = namedObject(context, KIND, bound);
      refuseBuiltIn(context, alert);
      write(context, merged(alert, bound), bound);
      return [];
    },
  },
  {
    name: 'Remove-ProtectionAlert',
    parameters: { ...writing, Identity: required(text), ForceDeletion: flag },
    run: (context, bound) => {
      const alert = namedObject(context, KIND, bound);
      if (isOn(alert, 'IsSystemRule')) throw invalid(builtIn(alert, 'removed'));
      if (!isWhatIf(bound)) remove(context, KIND, alert);
      return [];
    },
  },
];

function write(context: CmdletContext, alert: ExchangeObject, bound: Bound): ExchangeObject[] {
  checkName(context, KIND, alert, { what: 'alert policy', length: 64 });
  // Only the aggregation that the author chose is judged: built-in alerts come with theirs.
  if (!isOn(alert, 'IsSystemRule')) checkAggregation(context, alert);
  return isWhatIf(bound) ? [] : [save(context, KIND, { ...alert, LastModifiedBy: context.actor })];
}

function refuseBuiltIn({ tenant }: CmdletContext, alert: ExchangeObject): void {
  if (isOn(alert, 'IsSystemRule') && !tenant.switches.builtInAlertsEditable) throw invalid(builtIn(alert, 'changed'));
}

function builtIn(alert: ExchangeObject, done: string): string {
  return `The alert policy "${textOf(alert, 'Name')}" is a built-in one and can't be ${done} with this cmdlet.`;
}

function checkAggregation({ tenant }: CmdletContext, alert: ExchangeObject): void {
  const type = textOf(alert, 'AggregationType');
  if (type === 'None') return;
  if (!tenant.switches.alertLicence) {
    throw invalid(`The organization has no licence for alert policies of the aggregation type ${type}. Use None.`);
  }
  const { Threshold, TimeWindow } = alert;
  const isEnough = Number(Threshold) >= 3 && Number(TimeWindow) >= 60;
  if (type === 'SimpleAggregation' && !isEnough) {
    throw badArgument('SimpleAggregation needs a Threshold of 3 or more and a TimeWindow of 60 minutes or more.');
  }
}

/** The compliance host may write dates as the oldest JSON libraries did. */
function shown({ tenant }: CmdletContext, alert: ExchangeObject): ExchangeObject {
  if (!tenant.switches.olderAlertDates) return alert;
  const older = (name: string, value: ExchangeValue): ExchangeValue =>
    name.startsWith('When') && typeof value === 'string' ? `/Date(${Date.parse(value)})/` : value;
  return Object.fromEntries(Object.entries(alert).map(([name, value]) => [name, older(name, value)]));
}
