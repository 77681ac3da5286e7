import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { authorize } from './authorize.ts';
import { type BatchItem, batchItems } from './batch-item.ts';
import { commandInput } from './command-input.ts';
import { type Desk, invokeCommand } from './invoke-command.ts';
import { sessionCookie, setCookie } from './session-cookie.ts';
import { understood } from './understood.ts';

const MOST_REQUESTS = 10;
const OWN_HOSTS = ['127.0.0.1', 'localhost'];

/** One batch on its way. */
interface Round {
  readonly desk: Desk;
  readonly request: RehearsalRequest;
  /** One for all its answers: they came to one client. */
  readonly cookie: string;
}

interface ItemAnswer {
  readonly id: string;
  readonly response: RehearsalResponse;
}

/** `$batch`: up to ten calls, answered in no particular order and without any transaction. */
export async function batch(desk: Desk, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { requests } = jsonBody(request);
  if (!Array.isArray(requests)) throw new BadRequest('requests must be a list.');
  if (requests.length > MOST_REQUESTS) {
    throw new BadRequest(`The batch holds ${requests.length} requests; the maximum is ${MOST_REQUESTS}.`);
  }
  const refusal = await refusalOf(desk, request);
  if (refusal) return refusal;
  const round = { desk, request, cookie: sessionCookie(request.headers.cookie ?? '') };
  const answers = await answersTo(round, batchItems(requests));
  const hanging = answers.find(({ response }) => response.hang);
  if (hanging) return hanging.response;
  return json(200, { responses: answers.map(shown).reverse() }, setCookie(round.cookie));
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

/** All of them at once where the batch is to go on whatever fails; else one by one up to the first failure. */
async function answersTo(round: Round, items: readonly BatchItem[]): Promise<readonly ItemAnswer[]> {
  const answer = async (item: BatchItem): Promise<ItemAnswer> => {
    const response = await understood(() => answerItem(round, item));
    return { id: item.id, response };
  };
  if (/odata\.continue-on-error(?!=false)/iu.test(headerOf(round.request, 'prefer')))
    return Promise.all(items.map(answer));
  const answers: ItemAnswer[] = [];
  for (const item of items) {
    const given = await answer(item);
    answers.push(given);
    if (given.response.status >= 400) break;
  }
  return answers;
}

async function answerItem({ desk, request, cookie }: Round, item: BatchItem): Promise<RehearsalResponse> {
  const url = URL.parse(item.url);
  const [, version, tenant] = /^\/adminapi\/([^/]+)\/([^/]+)\/InvokeCommand$/iu.exec(url?.pathname ?? '') ?? [];
  if (!url || tenant === undefined || !isOwnHost(url)) return json(404, notThere(item.url));
  if (version !== 'beta' || item.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  const header = (name: string): string => item.headers[name] ?? headerOf(request, name);
  return invokeCommand(desk, {
    tenant,
    host: request.headers.host ?? '',
    cookie,
    query: url.searchParams,
    header,
    ...commandInput(item.body, header),
  });
}

/** Common or regional: a request may name either, on whichever the batch came in, and by way of a proxy's port. */
function isOwnHost({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && OWN_HOSTS.includes(hostname);
}

function notThere(url: string): object {
  return {
    error: { code: 'NotFound', message: `A request of a batch goes to the full address of a call, not ${url}.` },
  };
}

function headerOf({ headers }: RehearsalRequest, name: string): string {
  return [headers[name] ?? ''].flat().join('; ');
}

function shown({ id, response }: ItemAnswer): Record<string, unknown> {
  const body = Buffer.isBuffer(response.body) ? null : (response.body ?? null);
  return { id, status: response.status, headers: response.headers ?? {}, body };
}
