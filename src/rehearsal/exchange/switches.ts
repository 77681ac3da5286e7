/** One way in which organisations, or what is known about the service, differ. */
interface SwitchFact<Value> {
  readonly usual: Value;
  readonly meaning: string;
  /** How well this is known: measured, documented, seen in client code, or only in code of the server product. */
  readonly evidence: 'measured' | 'documented' | 'client-code' | 'server-code' | 'inferred';
  /** Values that are taken; a number is any from 0 on. */
  readonly values: readonly unknown[] | 'seconds';
}

type Evidence = SwitchFact<unknown>['evidence'];

const CONSENT_ERRORS = [
  'AADSTS65004',
  'AADSTS65004 consent_required',
  'AADSTS65001',
  'AADSTS90093',
  'AADSTS90094',
  'AADSTS700016',
  'AADSTS500011',
  'AADSTS650051',
  'AADSTS650052',
  'AADSTS650056',
  'AADSTS50020',
  'AADSTS50076',
  'AADSTS50079',
  'AADSTS53003',
  'AADSTS7000229',
];
const TOKEN_ERRORS = [
  ...CONSENT_ERRORS.filter((code) => !code.startsWith('AADSTS65004')),
  'AADSTS7000112',
  'AADSTS700023',
  'AADSTS700024',
  'AADSTS700027',
  'AADSTS700213',
  'AADSTS7000215',
  'AADSTS7000222',
  'AADSTS90002',
  'AADSTS90033',
];

/** Every switch of a tenant. Where the service's rule is not known for sure, the stricter side is the usual one. */
export const SWITCHES = {
  onPremisesInboundAllowed: flag(true, 'client-code', 'New inbound connectors of type OnPremises can be enabled.'),
  isDehydrated: flag(false, 'documented', 'The organisation was never customised: policies cannot be written.'),
  developer: flag(false, 'documented', 'A developer tenant: every new inbound connector is refused.'),
  olderErrors: flag(false, 'client-code', 'Bad requests answer 500 InternalServerError, as older tenants do.'),
  wordyForbidden: flag(
    false,
    'client-code',
    'A cmdlet beyond the role is refused with 400 and words instead of 403 with zero bytes.',
  ),
  bareAnswers: flag(false, 'client-code', 'Set and Remove answer without `value`; Enable and Disable with null.'),
  rateHeaders: flag(false, 'measured', 'Answers carry the rate and concurrency headers seen in 2024.'),
  warningHeader: flag(false, 'client-code', 'Warnings stand in the header X-Warnings too.'),
  regionalRedirect: flag(false, 'client-code', 'Exchange answers 302 to its regional host first.'),
  unknownTenantNotFound: flag(false, 'inferred', 'A token of this tenant gets 404, not 401, for an unknown tenant.'),
  garblesUndeclaredCharset: flag(
    false,
    'client-code',
    'Accented text without a declared charset is stored garbled instead of failing.',
  ),
  slashInNameRefused: flag(false, 'client-code', '`/` in a connector name is refused.'),
  duplicateNamesAllowed: flag(false, 'server-code', 'Two connectors of one direction may have the same name.'),
  longCommentsAllowed: flag(false, 'server-code', 'Comments of more than 1024 characters are stored.'),
  bothRestrictionsAllowed: flag(
    false,
    'server-code',
    'IP and certificate restriction on one Partner connector are accepted.',
  ),
  looseRestrictions: flag(
    false,
    'server-code',
    'A restriction needs neither the addresses nor the certificate name it is about, a name no TLS.',
  ),
  cloudServicesOnPartnerAllowed: flag(
    false,
    'server-code',
    'CloudServicesMailEnabled is accepted on Partner connectors.',
  ),
  overlapWarnings: flag(
    true,
    'server-code',
    'Overlapping sender addresses of two inbound connectors are warned about.',
  ),
  looseOutboundScope: flag(false, 'server-code', 'An outbound connector may have no scope, or several.'),
  looseOutboundRoute: flag(
    false,
    'server-code',
    'MX routing and smart hosts may be combined freely, also on OnPremises connectors.',
  ),
  looseOutboundType: flag(
    false,
    'server-code',
    'AllAcceptedDomains, RouteAllMessagesViaOnPremises and CloudServicesMailEnabled are accepted on Partner.',
  ),
  looseRuleConnector: flag(
    false,
    'server-code',
    'A rule may route to a connector that is disabled or not scoped to rules.',
  ),
  mxValidationFails: flag(
    true,
    'client-code',
    'Validating an outbound connector by MX that only rules use fails, whatever the hosts are.',
  ),
  usedConnectorChangeable: flag(
    false,
    'server-code',
    'An outbound connector that a rule names can be deleted, disabled, renamed and un-scoped.',
  ),
  builtInAlertsEditable: flag(false, 'documented', 'The built-in alert policies can be changed.'),
  alertLicence: flag(false, 'documented', 'Alert policies may aggregate (SimpleAggregation, AnomalousAggregation).'),
  olderAlertDates: flag(true, 'client-code', 'The compliance host writes dates as /Date(ms)/.'),
  newDkimTargets: flag(false, 'measured', 'DKIM selectors point into dkim.mail.microsoft, as for new tenants.'),
  newMxTargets: flag(false, 'documented', 'Graph names a host below mx.microsoft as the MX target of domains.'),
  tracePrincipal: flag(true, 'client-code', "Microsoft's message trace principal exists: Graph answers traces."),
  visibleAfterSeconds: seconds(10, 'measured', 'How long reads by identity lag behind New, Set and Remove: 0 to 300.'),
  linkLifeSeconds: seconds(600, 'client-code', 'How long a nextLink can be followed.'),
  connectorSeconds: seconds(120, 'measured', 'How long mail flow needs to act on a connector: 1 minute to 1 hour.'),
  ruleSeconds: seconds(1800, 'documented', 'How long mail flow needs to act on a rule: up to 30 minutes and more.'),
  roleSeconds: seconds(900, 'documented', 'How long a directory role, given or taken, needs to act.'),
  consentSeconds: seconds(10, 'documented', 'How long consent and permissions, given or taken, need to act.'),
  graphSeconds: seconds(30, 'documented', 'How long Graph reads lag behind changes in the directory.'),
  customizationSeconds: seconds(3600, 'client-code', 'How long Enable-OrganizationCustomization needs to act.'),
  consentError: word(CONSENT_ERRORS, 'documented', 'Admin consent comes back with this error instead of a grant.'),
  tokenError: word(TOKEN_ERRORS, 'documented', 'The token endpoint refuses with this error.'),
} as const satisfies Record<string, SwitchFact<boolean | number | string | null>>;

type Facts = typeof SWITCHES;

export type TenantSwitches = {
  -readonly [Name in keyof Facts]: Facts[Name] extends SwitchFact<infer Value> ? Value : never;
};

export function usualSwitches(): TenantSwitches {
  return Object.fromEntries(
    Object.entries(SWITCHES).map(([name, { usual }]) => [name, usual]),
  ) as unknown as TenantSwitches;
}

/** What is wrong with a value for a switch, or null. */
export function switchProblem(name: string, value: unknown): string | null {
  const fact = Object.entries(SWITCHES).find(([known]) => known === name)?.[1];
  if (!fact) return `There is no switch ${name}. There are ${Object.keys(SWITCHES).join(', ')}.`;
  const { values } = fact;
  if (values === 'seconds') {
    const isNumber = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    return isNumber ? null : `${name} must be a number of seconds, 0 or more.`;
  }
  if (values.includes(value)) return null;
  return values.includes(true) ? `${name} must be true or false.` : `${name} must be null or one of ${words(values)}.`;
}

function words(values: readonly unknown[]): string {
  return values.filter((value) => typeof value === 'string').join(', ');
}

function flag(usual: boolean, evidence: Evidence, meaning: string): SwitchFact<boolean> {
  return { usual, meaning, evidence, values: [true, false] };
}

function seconds(usual: number, evidence: Evidence, meaning: string): SwitchFact<number> {
  return { usual, meaning, evidence, values: 'seconds' };
}

function word(members: readonly string[], evidence: Evidence, meaning: string): SwitchFact<string | null> {
  return { usual: null, meaning, evidence, values: [null, ...members] };
}
