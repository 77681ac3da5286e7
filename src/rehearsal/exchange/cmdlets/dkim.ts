import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { commonProperties, withZ } from '../common-properties.ts';
import { dkimKey, dkimTargets, hasDkimAliases, publishDkimKeys } from '../dkim-targets.ts';
import { alreadyExists, invalid } from '../exchange-error.ts';
import { type ExchangeObject, isOn, textOf } from '../exchange-object.ts';
import { getObjects, isWhatIf, merged, namedObject, save } from '../objects.ts';
import { choice, flag, number, type Parameters, required, text, writing } from '../parameter.ts';

const KIND = 'dkimConfigs';

const settings: Parameters = {
  ...writing,
  AdminDisplayName: text,
  BodyCanonicalization: choice('Relaxed', 'Simple'),
  HeaderCanonicalization: choice('Relaxed', 'Simple'),
};

export const dkimCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-DkimSigningConfig',
    parameters: { Identity: text },
    run: (context, bound) => getObjects(context, KIND, bound).map((config) => checked(context, config)),
  },
  {
    name: 'New-DkimSigningConfig',
    parameters: { ...settings, DomainName: required(text), Enabled: required(flag), KeySize: number },
    run: create,
  },
  {
    name: 'Set-DkimSigningConfig',
    parameters: { ...settings, Identity: required(text), Enabled: flag, PublishTxtRecords: flag },
    run: change,
  },
];

function create(context: CmdletContext, bound: Bound): ExchangeObject[] {
  const name = bound.get('DomainName');
  const domain = typeof name === 'string' ? name.toLowerCase() : '';
  const accepted = context.tenant.stores.acceptedDomains.find(domain);
  if (!accepted) throw invalid(`The domain "${domain}" is not an accepted domain of the organization.`);
  if (context.tenant.stores[KIND].find(domain)) throw alreadyExists('DKIM signing configuration', domain);
  const bits = bound.get('KeySize') ?? 1024;
  if (bits !== 1024 && bits !== 2048) throw invalid('KeySize must be 1024 or 2048.');
  const { DomainName: _, KeySize: __, ...wanted } = merged(newDkimConfig(context, domain, bits), bound);
  const isReady = hasDkimAliases(context.world, wanted);
  if (isOn(wanted, 'Enabled') && !isReady) context.warnings.push(missingAliases(wanted));
  const config = checked(context, { ...wanted, Enabled: isOn(wanted, 'Enabled') && isReady });
  if (isWhatIf(bound)) return [];
  publishDkimKeys(context.world, config);
  return [save(context, KIND, config)];
}

/** Where there are no keys yet, the first attempt to switch signing on makes them, whether it succeeds or not. */
function change(context: CmdletContext, bound: Bound): [] {
  const before = namedObject(context, KIND, bound);
  const isWanted = bound.get('Enabled') === true;
  const keyed =
    isWanted && !hasKeys(before) ? { ...before, ...newKeys(context.now, textOf(before, 'Domain'), 1024) } : before;
  const { PublishTxtRecords: _, ...config } = merged(keyed, bound);
  const isReady = hasDkimAliases(context.world, config);
  if (!isWhatIf(bound)) {
    if (keyed !== before) publishDkimKeys(context.world, keyed);
    if (isReady || !isOn(config, 'Enabled')) save(context, KIND, checked(context, config));
    else if (keyed !== before) save(context, KIND, checked(context, keyed));
  }
  if (isOn(config, 'Enabled') && !isReady) throw invalid(missingAliases(config));
  return [];
}

/** A configuration as it is when a domain gets one, before its aliases have been looked at; without keys if `bits` is null. */
export function newDkimConfig(
  { tenant, now }: Pick<CmdletContext, 'tenant' | 'now'>,
  domain: string,
  bits: number | null,
): ExchangeObject {
  return {
    ...commonProperties(KIND, tenant, domain, now),
    Domain: domain,
    Enabled: false,
    Status: bits === null ? 'NoDKIMKeys' : 'CnameMissing',
    ...dkimTargets(tenant, domain),
    ...(bits === null ? NO_KEYS : newKeys(now, domain, bits)),
    LastChecked: withZ(now),
    BodyCanonicalization: 'Relaxed',
    HeaderCanonicalization: 'Relaxed',
    IsDefault: false,
    Algorithm: 'RsaSHA256',
    NumberOfBytesToSign: 'All',
    IncludeSignatureCreationTime: true,
    IncludeKeyExpiration: false,
  };
}

const NO_KEYS: ExchangeObject = {
  Selector1KeySize: null,
  Selector2KeySize: null,
  Selector1PublicKey: null,
  Selector2PublicKey: null,
  KeyCreationTime: null,
  RotateOnDate: null,
  SelectorBeforeRotateOnDate: null,
  SelectorAfterRotateOnDate: null,
};

function newKeys(now: number, domain: string, bits: number): ExchangeObject {
  return {
    Selector1KeySize: bits,
    Selector2KeySize: bits,
    Selector1PublicKey: dkimKey('selector1', domain, bits),
    Selector2PublicKey: dkimKey('selector2', domain, bits),
    KeyCreationTime: withZ(now),
    RotateOnDate: withZ(now),
    SelectorBeforeRotateOnDate: 'selector2',
    SelectorAfterRotateOnDate: 'selector1',
  };
}

function hasKeys(config: ExchangeObject): boolean {
  return textOf(config, 'Selector1PublicKey') !== '';
}

/** The configuration with the state that its aliases are in now. */
function checked({ world, now }: CmdletContext, config: ExchangeObject): ExchangeObject {
  const withKeys = hasDkimAliases(world, config) ? 'Valid' : 'CnameMissing';
  return { ...config, Status: hasKeys(config) ? withKeys : 'NoDKIMKeys', LastChecked: withZ(now) };
}

function missingAliases(config: ExchangeObject): string {
  const domain = textOf(config, 'Domain');
  return (
    `CNAME record does not exist for this config. Please publish the following two CNAME records first. Domain Name : ${domain} ` +
    `Host Name : selector1._domainkey Points to address or value: ${textOf(config, 'Selector1CNAME')} ` +
    `Host Name : selector2._domainkey Points to address or value: ${textOf(config, 'Selector2CNAME')}`
  );
}
