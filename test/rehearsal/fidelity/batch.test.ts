import { describe, expect, it } from 'vitest';
import type { Answer } from '../running-rehearsal.ts';
import { bodyOf, wire } from './wire.ts';

const cloud = wire();
const ALL = { prefer: 'odata.continue-on-error' };
const ANCHOR = { 'x-anchormailbox': 'APP:anchor' };

interface Item {
  readonly id: string;
  readonly status: number;
  readonly body: Answer['body'];
}

function address(tenant = 'contoso', end = 'InvokeCommand'): string {
  return `${cloud.rehearsal.cloud}/adminapi/beta/${cloud.id(tenant)}/${end}`;
}

/** A request of a batch as the service wants it, but for what the case changes; undefined leaves a part out. */
function item(id: string, change: object = {}): object {
  const body: unknown = JSON.parse(bodyOf('Get-AcceptedDomain', {}));
  return { id, method: 'POST', url: address(), headers: {}, body, ...change };
}

async function post(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const usual = {
    authorization: `Bearer ${await cloud.rehearsal.token('contoso')}`,
    'content-type': 'application/json; charset=utf-8',
  };
  return cloud.rehearsal.send('POST', path, { headers: { ...usual, ...headers }, body });
}

async function batch(requests: readonly object[], headers: Record<string, string> = ALL): Promise<Answer> {
  return post(`/adminapi/beta/${cloud.id('contoso')}/$batch`, JSON.stringify({ requests }), headers);
}

/** The statuses of the answers by the ids of their requests. */
function statuses({ body }: Answer): Record<string, number> {
  return Object.fromEntries(body.responses.map(({ id, status }: Item) => [id, status]));
}

describe('fidelity point 1: the requests of a batch', () => {
  it.each<[string, () => object, number]>([
    ['a method in small letters', () => ({ method: 'post' }), 200],
    ['the method GET', () => ({ method: 'GET' }), 405],
    ['the address of v1.0', () => ({ url: address().replace('beta', 'v1.0') }), 405],
    ['the address of a batch', () => ({ url: address('contoso', '$batch') }), 404],
    ['an address without a host', () => ({ url: new URL(address()).pathname }), 404],
    ['the host of somebody else', () => ({ url: address().replace('127.0.0.1', '192.0.2.1') }), 404],
    ['another tenant', () => ({ url: address('fabrikam') }), 401],
    ['a body without a cmdlet', () => ({ body: {} }), 400],
    ['a header that names another cmdlet', () => ({ headers: { 'X-CmdletName': 'Get-TransportRule' } }), 400],
    [
      'a header that names the cmdlet in small letters',
      () => ({ headers: { 'X-CmdletName': 'get-accepteddomain' } }),
      200,
    ],
    ['a body that is a text', () => ({ body: bodyOf('Get-AcceptedDomain', {}) }), 400],
    ['a cmdlet that is not known', () => ({ body: JSON.parse(bodyOf('Get-Mailbox', {})) }), 403],
  ])('answer %s for themselves', async (_case, change, status) => {
    const answer = await batch([item('a', change()), item('b')]);
    expect(statuses(answer)).toEqual({ a: status, b: 200 });
  });

  it.each<[string, () => readonly object[]]>([
    ['has no id', () => [item('a', { id: undefined })]],
    ['has no method', () => [item('a', { method: undefined })]],
    ['has no address', () => [item('a', { url: undefined })]],
    ['has the id of another', () => [item('a'), item('a')]],
    ['is no object', () => [[]]],
  ])('are refused as a whole where one %s', async (_case, requests) => {
    const { status, body } = await batch(requests());
    expect([status, body.error.code]).toEqual([400, 'BadRequest']);
    expect(body).not.toHaveProperty('responses');
  });

  it('end at the first failure unless the batch is to go on', async () => {
    const wrong = item('b', { body: JSON.parse(bodyOf('Get-InboundConnector', { Identity: 'none' })) });
    const requests = [item('a'), wrong, item('c')];
    const [ended, went] = [await batch(requests, {}), await batch(requests)];
    expect(statuses(ended)).toEqual({ a: 200, b: 404 });
    expect(statuses(went)).toEqual({ a: 200, b: 404, c: 200 });
  });
});

describe('fidelity point 5: links to further pages', () => {
  const paged = { ...ANCHOR, prefer: 'odata.maxpagesize=2, odata.continue-on-error' };
  const linkOf = (link: unknown): string => {
    const { pathname, search } = new URL(String(link));
    return pathname + search;
  };
  const cookieOf = ({ headers }: Answer): string => String([headers['set-cookie']].flat()[0]).split(';')[0] ?? '';

  it('go on with the body they began with, and with no other', async () => {
    const first = await cloud.run('Get-AcceptedDomain', { ResultSize: 'Unlimited' }, 'contoso', paged);
    const [link, cookie] = [linkOf(first.body['@odata.nextLink']), cookieOf(first)];
    const follow = (body: string): Promise<Answer> => post(link, body, { ...paged, cookie });
    const refused = [
      await follow(''),
      await follow(bodyOf('Get-AcceptedDomain', {})),
      await follow(bodyOf('Get-InboundConnector', { ResultSize: 'Unlimited' })),
    ];
    const next = await follow(bodyOf('Get-AcceptedDomain', { ResultSize: 'Unlimited' }));
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect([next.status, next.body.value.length]).toEqual([200, 1]);
  });

  it('lead nowhere in another tenant', async () => {
    const first = await cloud.run('Get-AcceptedDomain', {}, 'contoso', paged);
    const link = linkOf(first.body['@odata.nextLink']).replace(cloud.id('contoso'), cloud.id('fabrikam'));
    const authorization = `Bearer ${await cloud.rehearsal.token('fabrikam')}`;
    const headers = { ...paged, authorization, cookie: cookieOf(first) };
    expect((await post(link, bodyOf('Get-AcceptedDomain', {}), headers)).status).toBe(400);
  });

  it('are followed alone or in a batch, with the cookie of the batch that gave them', async () => {
    const first = await batch([item('a'), item('b')], paged);
    const cookie = cookieOf(first);
    const links = first.body.responses.map(({ body }: Item) => String(body['@odata.nextLink']));
    const alone = await post(linkOf(links[0]), bodyOf('Get-AcceptedDomain', {}), { ...paged, cookie });
    const together = await batch([item('c', { url: links[1] })], { ...paged, cookie });
    expect([alone.status, alone.body.value.length]).toEqual([200, 1]);
    expect(together.body.responses).toMatchObject([{ id: 'c', status: 200, body: { value: [{}] } }]);
  });
});
