import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { invalid, notFound } from '../exchange-error.ts';
import { type ExchangeObject, listOf, textOf } from '../exchange-object.ts';
import { isWhatIf, remove, saveBare } from '../objects.ts';
import { choice, list, type Parameters, required, text, writing } from '../parameter.ts';
import { checkInfrastructure, checkSpoofedUser } from '../rules/spoof-pair-rules.ts';

const KIND = 'spoofItems';
const MOST_ITEMS = 1024;

const action = choice('Allow', 'Block');
const spoofType = choice('External', 'Internal');
const policy: Parameters = { Identity: required(text) };

export const spoofItemCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-TenantAllowBlockListSpoofItems',
    parameters: { Identity: text, Action: action, SpoofType: spoofType },
    run: (context, bound) => {
      if (bound.has('Identity')) checkPolicy(bound);
      const { tenant, now } = context;
      return tenant.stores[KIND]
        .visible(now)
        .filter((item) => ['Action', 'SpoofType'].every((name) => !bound.has(name) || item[name] === bound.get(name)));
    },
  },
  {
    name: 'New-TenantAllowBlockListSpoofItems',
    parameters: {
      ...writing,
      ...policy,
      SendingInfrastructure: required(text),
      SpoofedUser: required(text),
      SpoofType: required(spoofType),
      Action: required(action),
    },
    run: create,
  },
  {
    name: 'Set-TenantAllowBlockListSpoofItems',
    parameters: { ...writing, ...policy, Action: required(action), Ids: required(list) },
    run: (context, bound) => {
      const items = itemsOf(context, bound);
      const Action = textIn(bound, 'Action');
      if (!isWhatIf(bound)) for (const item of items) saveBare(context, KIND, { ...item, Action });
      return [];
    },
  },
  {
    name: 'Remove-TenantAllowBlockListSpoofItems',
    parameters: { ...writing, ...policy, Ids: required(list) },
    run: (context, bound) => {
      const items = itemsOf(context, bound);
      if (!isWhatIf(bound)) for (const item of items) remove(context, KIND, item);
      return [];
    },
  },
];

function create(context: CmdletContext, bound: Bound): ExchangeObject[] {
  checkPolicy(bound);
  const item = {
    Identity: crypto.randomUUID(),
    SpoofedUser: textIn(bound, 'SpoofedUser'),
    SendingInfrastructure: textIn(bound, 'SendingInfrastructure'),
    SpoofType: textIn(bound, 'SpoofType'),
    Action: textIn(bound, 'Action'),
  };
  checkSpoofedUser(item.SpoofedUser);
  checkInfrastructure(item.SendingInfrastructure);
  if (item.SpoofedUser === '*' && item.SendingInfrastructure === '*') {
    throw invalid('SpoofedUser and SendingInfrastructure cannot both be *.');
  }
  const others = context.tenant.stores[KIND].stored();
  if (others.length >= MOST_ITEMS) throw invalid(`The list already holds the maximum of ${MOST_ITEMS} spoof entries.`);
  if (others.some((other) => pairOf(other) === pairOf(item))) {
    throw invalid(
      `There is an entry for ${item.SpoofedUser}, ${item.SendingInfrastructure} (${item.SpoofType}) already.`,
    );
  }
  return isWhatIf(bound) ? [] : [saveBare(context, KIND, item)];
}

function pairOf(item: ExchangeObject): string {
  return ['SpoofedUser', 'SendingInfrastructure', 'SpoofType']
    .map((name) => textOf(item, name).toLowerCase())
    .join(' ');
}

/** There is one list, whose name is printed in two ways. */
function checkPolicy(bound: Bound): void {
  const identity = textIn(bound, 'Identity');
  if (!/^(.+\\)?default$/iu.test(identity)) throw notFound(identity);
}

function itemsOf({ tenant }: CmdletContext, bound: Bound): ExchangeObject[] {
  checkPolicy(bound);
  const ids = bound.get('Ids');
  return listOf({ ids: Array.isArray(ids) ? ids : [] }, 'ids').map((id) => {
    const item = tenant.stores[KIND].find(id);
    if (!item) throw notFound(id);
    return item;
  });
}

function textIn(bound: Bound, name: string): string {
  const value = bound.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
