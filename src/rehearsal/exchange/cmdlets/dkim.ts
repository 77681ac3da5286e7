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
    run: (context, bound) => {
      const { PublishTxtRecords: _, ...config } = merged(namedObject(context, KIND, bound), bound);
      if (isOn(config, 'Enabled') && !hasDkimAliases(context.world, config)) throw invalid(missingAliases(config));
      if (!isWhatIf(bound)) save(context, KIND, checked(context, config));
      return [];
    },
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

/** A configuration as it is when a domain gets one, before its aliases have been looked at. */
export function newDkimConfig(
  { tenant, now }: Pick<CmdletContext, 'tenant' | 'now'>,
  domain: string,
  bits: number,
): ExchangeObject {
  return {
    ...commonProperties(KIND, tenant, domain, now),
    Domain: domain,
    Enabled: false,
    Status: 'CnameMissing',
    ...dkimTargets(tenant, domain),
    Selector1KeySize: bits,
    Selector2KeySize: bits,
    Selector1PublicKey: dkimKey('selector1', domain, bits),
    Selector2PublicKey: dkimKey('selector2', domain, bits),
    KeyCreationTime: withZ(now),
    RotateOnDate: withZ(now),
    SelectorBeforeRotateOnDate: 'selector2',
    SelectorAfterRotateOnDate: 'selector1',
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

/** The configuration with the state that its aliases are in now. */
function checked({ world, now }: CmdletContext, config: ExchangeObject): ExchangeObject {
  const Status = hasDkimAliases(world, config) ? 'Valid' : 'CnameMissing';
  return { ...config, Status, LastChecked: withZ(now) };
}

function missingAliases(config: ExchangeObject): string {
  const domain = textOf(config, 'Domain');
  return (
    `CNAME record does not exist for this config. Please publish the following two CNAME records first. Domain Name : ${domain} ` +
    `Host Name : selector1._domainkey Points to address or value: ${textOf(config, 'Selector1CNAME')} ` +
    `Host Name : selector2._domainkey Points to address or value: ${textOf(config, 'Selector2CNAME')}`
  );
}
