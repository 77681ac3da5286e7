import { json, type RehearsalResponse } from '../http.ts';
import { unsupportedQuery } from './graph-error.ts';
import type { GraphCall } from './graph-operation.ts';

export type GraphEntity = Readonly<Record<string, unknown>>;

type Listing = Pick<GraphCall, 'query' | 'address'>;

const USUAL_PAGE = 100;
const LARGEST_PAGE = 999;

/** A collection with its options: `$filter` by equality, `$select`, `$top` and the link to the next page. */
export function listAnswer(call: GraphCall, entities: readonly GraphEntity[], context: string): RehearsalResponse {
  const filter = equalities(call.query.get('$filter') ?? '');
  const fitting = entities.filter((entity) => filter.every(([name, value]) => isValue(entity[name], value)));
  return pageAnswer(call, fitting, context);
}

/** The page that the query is about, of entities that are filtered already. */
export function pageAnswer(call: Listing, entities: readonly GraphEntity[], context: string): RehearsalResponse {
  const { query, address } = call;
  const size = Math.min(countFrom(query.get('$top'), USUAL_PAGE), LARGEST_PAGE);
  const start = countFrom(query.get('$skiptoken'), 0);
  const page = entities.slice(start, start + size).map((entity) => selected(entity, query));
  const next = new URLSearchParams([...query].filter(([name]) => name !== '$skiptoken'));
  next.set('$skiptoken', String(start + size));
  const hasMore = start + size < entities.length;
  return json(200, {
    '@odata.context': `${address.replace(/\/v1\.0\/.*$/u, '/v1.0')}/$metadata#${context}`,
    ...(hasMore ? { '@odata.nextLink': `${address}?${next.toString()}` } : {}),
    value: page,
  });
}

export function oneAnswer(call: Listing, entity: GraphEntity, status = 200): RehearsalResponse {
  return json(status, selected(entity, call.query));
}

function selected(entity: GraphEntity, query: URLSearchParams): GraphEntity {
  const names = (query.get('$select') ?? '').split(',').map((name) => name.trim());
  if (names.length === 1 && names[0] === '') return entity;
  return Object.fromEntries(
    ['@odata.type', ...names].filter((name) => name in entity).map((name) => [name, entity[name]]),
  );
}

function equalities(filter: string): [string, string][] {
  if (filter.trim() === '') return [];
  return filter.split(/\s+and\s+/u).map((term) => {
    const found = /^\s*(?<name>\w+)\s+eq\s+'(?<value>[^']*)'\s*$/u.exec(term)?.groups;
    if (!found) throw unsupportedQuery(`The filter '${term}' is not supported for this collection.`);
    return [found['name'] ?? '', found['value'] ?? ''];
  });
}

function isValue(held: unknown, wanted: string): boolean {
  return typeof held === 'string' && held.toLowerCase() === wanted.toLowerCase();
}

function countFrom(value: string | null, usual: number): number {
  if (value === null) return usual;
  if (!/^\d+$/u.test(value)) throw unsupportedQuery(`'${value}' is not a number.`);
  return Number(value);
}
