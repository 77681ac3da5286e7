import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { authorize } from './authorize.ts';
import { commandInput } from './command-input.ts';
import { type Desk, invokeCommand } from './invoke-command.ts';

const MOST_REQUESTS = 10;

interface BatchItem {
  readonly id: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `$batch`: up to ten calls, answered in no particular order and without any transaction. */
export async function batch(desk: Desk, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { requests } = jsonBody(request);
  if (!Array.isArray(requests)) throw new BadRequest('requests must be a list.');
  if (requests.length > MOST_REQUESTS) {
    const message = `The batch holds ${requests.length} requests; the maximum is ${MOST_REQUESTS}.`;
    return json(400, { error: { code: 'BadRequest', message } });
  }
  const refusal = await refusalOf(desk, request);
  if (refusal) return refusal;
  const items = requests.map(itemFrom);
  const responses = await Promise.all(items.map((item) => answerItem(desk, request, item)));
  return json(200, { responses: responses.reverse() });
}

/** Without a good token the batch is refused as a whole; missing roles are said for each request. */
async function refusalOf(
  { world, service }: Desk,
  { params, headers }: RehearsalRequest,
): Promise<RehearsalResponse | null> {
  const tenant = params['tenant'] ?? '';
  const { tenantOfToken, ...authorization } = await authorize(world, service, {
    tenant,
    cmdlet: '$batch',
    authorization: headers.authorization ?? '',
  });
  if (!('refusal' in authorization) || authorization.refusal.response.status === 403) return null;
  const { response, outcome } = authorization.refusal;
  const token = tenantOfToken ? { tenantOfToken } : {};
  world.journal.add({ where: service.name, tenant, ...token, cmdlet: '$batch', outcome, status: response.status });
  return response;
}

async function answerItem(desk: Desk, request: RehearsalRequest, item: BatchItem): Promise<Record<string, unknown>> {
  const url = new URL(item.url, 'https://rehearsal');
  const outer = (name: string): string => [request.headers[name] ?? ''].flat().join('; ');
  const response = await invokeCommand(desk, {
    tenant: /\/adminapi\/beta\/([^/]+)\//iu.exec(url.pathname)?.[1] ?? request.params['tenant'] ?? '',
    host: request.headers.host ?? '',
    query: url.searchParams,
    header: (name) => item.headers[name] ?? outer(name),
    ...commandInput(item.body),
  });
  const body = Buffer.isBuffer(response.body) ? null : (response.body ?? null);
  return { id: item.id, status: response.status, headers: response.headers ?? {}, body };
}

function itemFrom(value: unknown): BatchItem {
  const item = objectFrom(value);
  const headers = Object.entries(objectFrom(item['headers'] ?? {}));
  return {
    id: textFrom(item['id']),
    url: textFrom(item['url']),
    headers: Object.fromEntries(headers.map(([name, text]) => [name.toLowerCase(), String(text)])),
    body: objectFrom(item['body']),
  };
}

function textFrom(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function objectFrom(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new BadRequest('Every request of a batch needs id, method, url, headers and body.');
}
