import { BadRequest } from '../http.ts';

/** One request of a `$batch`: whole in its form, whatever it asks for. */
export interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** Their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The requests of a batch, each with what it cannot be answered without, and each with an id of its own. */
export function batchItems(requests: readonly unknown[]): readonly BatchItem[] {
  const items = requests.map(itemFrom);
  if (new Set(items.map(({ id }) => id)).size < items.length) throw new BadRequest('The ids of a batch must differ.');
  return items;
}

function itemFrom(value: unknown): BatchItem {
  const item = objectFrom(value);
  const headers = Object.entries(objectFrom(item['headers'] ?? {}));
  return {
    id: textFrom(item['id']),
    method: textFrom(item['method']).toUpperCase(),
    url: textFrom(item['url']),
    headers: Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), String(text)])),
    body: item['body'],
  };
}

function textFrom(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw incomplete();
}

function objectFrom(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw incomplete();
}

function incomplete(): BadRequest {
  return new BadRequest('Every request of a batch needs id, method, url, headers and body.');
}
