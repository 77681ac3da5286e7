import { describe, expect, it } from 'vitest';
import type { Answer } from '../running-rehearsal.ts';
import { bodyOf, COMPLIANCE_SCOPE, post, wire } from './wire.ts';

const cloud = wire();
const ANCHOR = { 'x-anchormailbox': 'APP:anchor', prefer: 'odata.maxpagesize=1' };

interface Place {
  readonly port: number;
  readonly scope?: string;
  readonly cmdlet: string;
  readonly query?: string;
}

/** The first two pages as the regional host gives them. */
async function pages({ port, scope, cmdlet, query = '' }: Place): Promise<{ first: Answer; second: Answer }> {
  const token = await cloud.rehearsal.token('contoso', scope);
  const url = `https://localhost:${port}/adminapi/beta/${cloud.id('contoso')}/InvokeCommand${query}`;
  const first = await post(url, token, bodyOf(cmdlet, {}), ANCHOR);
  const cookie = String([first.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
  const second = await post(first.body['@odata.nextLink'], token, bodyOf(cmdlet, {}), { ...ANCHOR, cookie });
  return { first, second };
}

describe('fidelity points 1 and 5: the host that answers', () => {
  it('names the host of the region in context and nextLink after a redirect, and keeps the selection', async () => {
    await cloud.directory({ switches: { regionalRedirect: true } });
    const { https } = cloud.rehearsal.world.ports;
    const { first, second } = await pages({ port: https, cmdlet: 'Get-AcceptedDomain', query: '?$select=DomainName' });
    const host = `https://localhost:${https}/adminapi/beta/`;
    expect(first.body['@odata.context']).toBe(`${host}$metadata#Collection(Exchange.GenericHashTable)`);
    expect(first.body['@odata.nextLink']).toMatch(new RegExp(`^${host}.*[?&]%24skiptoken=`, 'u'));
    expect(second.status).toBe(200);
    expect(Object.keys(second.body.value[0])).toEqual(['DomainName']);
  });

  it('names the host of the compliance desk in its context and nextLink', async () => {
    await cloud.directory({ directoryRoles: ['Compliance Administrator'] });
    const port = cloud.rehearsal.world.ports.compliance;
    const { first, second } = await pages({ port, scope: COMPLIANCE_SCOPE, cmdlet: 'Get-ProtectionAlert' });
    const host = `https://localhost:${port}/adminapi/beta/`;
    expect(first.body['@odata.context']).toBe(`${host}$metadata#Collection(Exchange.GenericHashTable)`);
    expect(first.body['@odata.nextLink']).toMatch(new RegExp(`^${host}`, 'u'));
    expect(second.status).toBe(200);
    expect(second.body.value[0].Name).not.toBe(first.body.value[0].Name);
  });

  it('takes one of the tenant’s domains for its id, with a token of that tenant only', async () => {
    const ask = async (segment: string, tokenOf: string) => {
      const url = `${cloud.rehearsal.cloud}/adminapi/beta/${segment}/InvokeCommand`;
      return post(url, await cloud.rehearsal.token(tokenOf), bodyOf('Get-AcceptedDomain', {}));
    };
    const answers = await Promise.all([
      ask('contoso.onmicrosoft.com', 'contoso'),
      ask('sales.contoso.com', 'contoso'),
      ask('contoso.com', 'fabrikam'),
      ask('contoso', 'contoso'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  });

  it('names the common host where nothing was redirected, also inside a batch', async () => {
    const path = `${cloud.rehearsal.cloud}/adminapi/beta/${cloud.id('contoso')}`;
    const one = { id: '1', method: 'POST', url: `${path}/InvokeCommand`, headers: ANCHOR };
    const body = JSON.stringify({ requests: [{ ...one, body: JSON.parse(bodyOf('Get-AcceptedDomain', {})) }] });
    const batched = await post(`${path}/$batch`, await cloud.rehearsal.token('contoso'), body);
    const [answer] = batched.body.responses;
    expect(answer.body['@odata.nextLink']).toMatch(new RegExp(`^${path}/InvokeCommand\\?%24skiptoken=`, 'u'));
  });
});
