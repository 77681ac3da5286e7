import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { withZ } from '../common-properties.ts';
import { badArgument, invalid, notFound } from '../exchange-error.ts';
import { type ExchangeObject, listOf, textOf } from '../exchange-object.ts';
import { remove, saveBare } from '../objects.ts';
import { choice, choices, date, flag, list, number, type Parameters, required, text } from '../parameter.ts';

const KIND = 'allowBlockItems';
const DAY = 24 * 3600 * 1000;

const listType = required(choice('FileHash', 'Sender', 'Url', 'IP'));
const subType = choice('AdvancedDelivery', 'Tenant');
const terms: Parameters = {
  ListType: listType,
  ListSubType: subType,
  Allow: flag,
  Block: flag,
  ExpirationDate: date,
  NoExpiration: flag,
  OutputJson: flag,
};
const written: Parameters = { ...terms, Notes: text, RemoveAfter: number };
const chosen: Parameters = { Entries: list, Ids: list };

export const allowBlockItemCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-TenantAllowBlockListItems',
    parameters: { ...terms, ListSubType: choices('AdvancedDelivery', 'Tenant'), Entry: text },
    run: (context, bound) =>
      context.tenant.stores[KIND]
        .visible(context.now)
        .filter((item) => isAsked(item, bound))
        .map(shown),
  },
  {
    name: 'New-TenantAllowBlockListItems',
    parameters: { ...written, Entries: required(list), LogExtraDetails: flag, SubmissionID: text },
    run: create,
  },
  {
    name: 'Set-TenantAllowBlockListItems',
    parameters: { ...written, ...chosen },
    run: (context, bound) => {
      const changes = { ...expiry(context, bound), ...actionIn(bound), ...notesIn(bound) };
      const items = itemsOf(context, bound);
      const when = { LastModifiedDateTime: withZ(context.now), ModifiedBy: context.actor };
      for (const item of items) saveBare(context, KIND, { ...item, ...changes, ...when });
      return [];
    },
  },
  {
    name: 'Remove-TenantAllowBlockListItems',
    parameters: { ...chosen, ListType: listType, ListSubType: subType, OutputJson: flag },
    run: (context, bound) => {
      for (const item of itemsOf(context, bound)) remove(context, KIND, item);
      return [];
    },
  },
];

function create(context: CmdletContext, bound: Bound): ExchangeObject[] {
  const action = actionIn(bound);
  if (!('Action' in action)) throw badArgument('Either Allow or Block must be given.');
  const existing = context.tenant.stores[KIND].stored();
  const items = listIn(bound, 'Entries').map((entry) => {
    if (existing.some((item) => item['ListType'] === bound.get('ListType') && isEntry(item, entry))) {
      throw invalid(`The entry "${entry}" is in the list already.`);
    }
    return {
      Identity: `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', ''),
      ListType: textIn(bound, 'ListType'),
      Value: entry,
      Notes: null,
      SubmissionID: textIn(bound, 'SubmissionID') || null,
      ListSubType: textIn(bound, 'ListSubType') || 'Tenant',
      SysManaged: false,
      CreatedDateTime: withZ(context.now),
      LastModifiedDateTime: withZ(context.now),
      ModifiedBy: context.actor,
      ObjectState: 'New',
      EntryValueHash: null,
      LastUsedDate: null,
      Error: null,
      ExpirationDate: withZ(context.now + 30 * DAY),
      RemoveAfter: null,
      ...expiry(context, bound),
      ...action,
      ...notesIn(bound),
    };
  });
  return items.map((item) => shown(saveBare(context, KIND, item)));
}

function expiry({ now }: CmdletContext, bound: Bound): ExchangeObject {
  const until = textIn(bound, 'ExpirationDate');
  const after = bound.get('RemoveAfter');
  const ways = [until !== '', typeof after === 'number', bound.get('NoExpiration') === true].filter(Boolean);
  if (ways.length > 1) throw badArgument('ExpirationDate, NoExpiration and RemoveAfter exclude each other.');
  if (typeof after === 'number') return { RemoveAfter: after, ExpirationDate: null };
  if (bound.get('NoExpiration') === true) return { ExpirationDate: null, RemoveAfter: null };
  if (until !== '' && Date.parse(until) <= now) throw invalid('ExpirationDate must lie in the future.');
  return until === '' ? {} : { ExpirationDate: until, RemoveAfter: null };
}

function actionIn(bound: Bound): ExchangeObject {
  const [allow, block] = [bound.get('Allow') === true, bound.get('Block') === true];
  if (allow && block) throw badArgument('Allow and Block exclude each other.');
  return allow || block ? { Action: allow ? 'Allow' : 'Block' } : {};
}

function notesIn(bound: Bound): ExchangeObject {
  return bound.has('Notes') ? { Notes: textIn(bound, 'Notes') || null } : {};
}

function itemsOf({ tenant }: CmdletContext, bound: Bound): ExchangeObject[] {
  const ids = listIn(bound, 'Ids');
  const entries = listIn(bound, 'Entries');
  if (ids.length > 0 === entries.length > 0) throw badArgument('Either Ids or Entries must be given.');
  const items = tenant.stores[KIND].stored().filter((item) => item['ListType'] === bound.get('ListType'));
  return [...ids, ...entries].map((wanted) => {
    const found = items.find((item) => item['Identity'] === wanted || isEntry(item, wanted));
    if (!found) throw notFound(wanted);
    return found;
  });
}

function isAsked(item: ExchangeObject, bound: Bound): boolean {
  const { Action } = actionIn(bound);
  const entry = textIn(bound, 'Entry');
  return (
    item['ListType'] === bound.get('ListType') &&
    (Action === undefined || item['Action'] === Action) &&
    (entry === '' || isEntry(item, entry)) &&
    subTypesIn(bound).includes(textOf(item, 'ListSubType')) &&
    (bound.get('NoExpiration') !== true || item['ExpirationDate'] === null)
  );
}

/** The tenant's own entries, unless others are asked for. */
function subTypesIn(bound: Bound): readonly string[] {
  const asked = listIn(bound, 'ListSubType');
  return asked.length > 0 ? asked : ['Tenant'];
}

/** The list is named in the call, not in the answer, where one key is misspelt as in the real one. */
function shown({ ListType: _listed, ...item }: ExchangeObject): ExchangeObject {
  return { ...item, 'LastUsedDate(DateTime])': null };
}

function isEntry(item: ExchangeObject, entry: string): boolean {
  return textOf(item, 'Value').toLowerCase() === entry.toLowerCase();
}

function listIn(bound: Bound, name: string): readonly string[] {
  const value = bound.get(name);
  return listOf({ value: Array.isArray(value) ? value : [] }, 'value');
}

function textIn(bound: Bound, name: string): string {
  const value = bound.get(name);
  return typeof value === 'string' ? value : '';
}
