import { gzipSync } from 'node:zlib';
import { json, type RehearsalResponse } from '../http.ts';
import type { ExchangeError } from './exchange-error.ts';
import type { ExchangeObject, ExchangeValue } from './exchange-object.ts';
import { MORE_RESULTS } from './result-size.ts';

/** A page of results as the service words it, with the type notes beside the values. */
export function success(page: {
  url: string;
  /** Undefined leaves `value` out, null is a value that is null. */
  objects: readonly ExchangeObject[] | null | undefined;
  warnings: readonly string[];
  select: readonly string[];
  nextLink: string | null;
}): Record<string, unknown> {
  const context = `${page.url.replace(/\/adminapi\/.*$/u, '')}/adminapi/beta/$metadata#Collection(Exchange.GenericHashTable)`;
  return {
    '@odata.context': context,
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': page.nextLink === null ? page.warnings : [...page.warnings, MORE_RESULTS],
    ...(page.objects === undefined
      ? {}
      : { value: page.objects?.map((object) => withNotes(object, page.select)) ?? null }),
    ...(page.nextLink === null ? {} : { '@odata.nextLink': page.nextLink }),
  };
}

const BINDING = 'Microsoft.Exchange.AdminApi.CommandInvocation.';
const THROWN = 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException';

export function failure(error: ExchangeError, older: boolean): RehearsalResponse {
  const status = older && error.status === 400 ? 500 : error.status;
  const code = status === 500 ? 'InternalServerError' : error.code;
  // Only of a call that never became a cmdlet does the inner exception say more than that something was thrown.
  const isBinding = error.type.startsWith(BINDING);
  const message = isBinding ? 'Invalid Operation' : 'Error executing cmdlet';
  const inner = isBinding
    ? { message: error.message, type: error.type }
    : { message: `Exception of type '${THROWN}' was thrown.`, type: THROWN };
  return json(status, {
    error: {
      code,
      message,
      details: [{ code: 'Client', target: '', message: `${codeOf(error.type)}|${error.type}|${error.message}` }],
      innererror: {
        message,
        type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
        stacktrace: '',
        internalexception: { ...inner, stacktrace: '' },
      },
    },
    'adminapi.warnings@odata.type': '#Collection(String)',
    '@adminapi.warnings': [],
  });
}

/** No token, a wrong one, or no application permission: an empty body. */
export function unauthorized(reason: string): RehearsalResponse {
  return {
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="", error="invalid_token"', 'x-ms-diagnostics': reason },
  };
}

/**
 * The directory role is missing, or the cmdlet is not known to the caller. The body is NUL bytes that claim to be
 * gzip and are not; what is wrong stands in a header only.
 */
export function forbidden(reason: string): RehearsalResponse {
  return {
    status: 403,
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json', 'x-ms-diagnostics': reason },
    body: Buffer.alloc(gzipSync('{}').length),
  };
}

/** A failure of the service itself, as opposed to one of the call. */
export function serviceFailure(status: number, retryAfter: number | null): RehearsalResponse {
  const names: Readonly<Record<number, string>> = { 429: 'TooManyRequests', 503: 'ServiceUnavailable' };
  return json(
    status,
    { error: { code: names[status] ?? 'InternalServerError', message: 'The service is not available at the moment.' } },
    retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** `Ex` and six hex digits, the same for the same exception. Those of .NET itself and of the call come without. */
function codeOf(type: string): string {
  if (type.startsWith('System.') || type.startsWith(BINDING)) return '';
  if (type.endsWith('ManagementObjectNotFoundException')) return 'Ex6F9304';
  let hash = 0;
  for (const character of type) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 0x1000000;
  return `Ex${hash.toString(16).toUpperCase().padStart(6, '0')}`;
}

function withNotes(object: ExchangeObject, select: readonly string[]): Record<string, unknown> {
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  const entries = Object.entries(object).filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase()));
  return Object.fromEntries(entries.flatMap(([name, value]) => [...noteFor(name, value), [name, value]]));
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/u;

function noteFor(name: string, value: ExchangeValue): [string, string][] {
  if (Array.isArray(value)) return [[`${name}@odata.type`, '#Collection(String)']];
  if (name.endsWith('KeySize')) {
    return [
      [`${name}@data.type`, 'System.UInt16'],
      [`${name}@odata.type`, '#Decimal'],
    ];
  }
  if (typeof value === 'number') return [[`${name}@data.type`, 'System.Int32']];
  if (typeof value !== 'string') return [];
  if (name === 'Guid' || name === 'ExchangeObjectId')
    return [
      [`${name}@odata.type`, '#Guid'],
      [`${name}@data.type`, 'System.Guid'],
    ];
  return DATE.test(value) ? [[`${name}@data.type`, 'System.DateTime']] : [];
}
