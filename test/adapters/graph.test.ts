import { describe, expect, it } from 'vitest';
import type { DirectoryOptions } from '../../src/adapters/graph/directory.ts';
import { RefusedError, RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import { APP, directoryAt, failure, values } from '../support/scripted-directory.ts';
import { CONTOSO, errorOf } from '../support/scripted-exchange.ts';
import { jsonAnswer, type Play, rawAnswer } from '../support/scripted-https.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const EXCHANGE_APP = '00000002-0000-0ff1-ce00-000000000000';
const MANAGE = 'dc50a0fb-09a3-484d-be87-e023b12c6440';
const ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';

const scripted = scriptedServer();
const directory = (overrides: Partial<DirectoryOptions> = {}) => directoryAt(scripted.server.url, overrides);

/** A tenant's answers by what is asked, in whatever order it is asked. */
function tenantWith({ isEnabled = true, grants = [] as string[], roles = [] as string[] | null }): Play[] {
  const play: Play = (response, received) => {
    const path = decodeURIComponent(received.path).replaceAll('+', ' ');
    const answer = () => {
      if (path.includes(`appId eq '${APP}'`)) return values({ id: 'ours', accountEnabled: isEnabled });
      if (path.includes(`appId eq '${EXCHANGE_APP}'`)) return values({ id: 'theirs', accountEnabled: true });
      if (path.endsWith('/servicePrincipals/ours/appRoleAssignments')) {
        return values(...grants.map((resourceId) => ({ resourceId, appRoleId: MANAGE })));
      }
      if (roles === null) return failure(403, 'Authorization_RequestDenied');
      return values(...roles.map((roleDefinitionId) => ({ roleDefinitionId, directoryScopeId: '/' })));
    };
    answer()(response, received);
  };
  // What may not be read is asked for once more, with a new token.
  return Array.from({ length: roles === null ? 5 : 4 }, () => play);
}

async function missingIn(tenant: Parameters<typeof tenantWith>[0]): Promise<readonly string[]> {
  scripted.server.answer(...tenantWith(tenant));
  const { missing } = await directory().access();
  return missing.map(({ right }) => right);
}

describe('adapters/graph: access', () => {
  it('climbs the ladder: application permission, then directory role, then nothing is missing', async () => {
    expect(await missingIn({})).toEqual(['application-permission', 'directory-role']);
    expect(await missingIn({ grants: ['another resource'] })).toEqual(['application-permission', 'directory-role']);
    expect(await missingIn({ grants: ['theirs'] })).toEqual(['directory-role']);
    expect(await missingIn({ grants: ['theirs'], roles: [CONTOSO] })).toEqual(['directory-role']);
    expect(await missingIn({ grants: ['theirs'], roles: [ADMINISTRATOR] })).toEqual([]);
    expect(await missingIn({ grants: ['theirs'], roles: [ADMINISTRATOR], isEnabled: false })).toEqual(['principal']);
  });

  it('does not guess the directory role when it may not look', async () => {
    scripted.server.answer(...tenantWith({ grants: ['theirs'], roles: null }));
    const access = await directory().access();
    expect(access).toMatchObject({ missing: [], directoryRoles: null, principal: { id: 'ours', isEnabled: true } });
    expect(access.graphPermissions).toEqual(['Application.Read.All', 'Domain.Read.All']);
  });

  it('says that consent is missing when there is no token, or no principal', async () => {
    const refused = new TenantAccessError('No access: nobody consented.', {
      operation: 'get a token',
      next: 'An administrator must consent.',
      reason: 'consent',
    });
    const credentials = { token: () => Promise.reject(refused), forget: () => undefined };
    const access = await directory({ credentials }).access();
    expect(access.missing).toEqual([
      { right: 'consent', what: 'No access: nobody consented.', next: 'An administrator must consent.' },
    ]);
    scripted.server.answer(values());
    expect((await directory().access()).missing).toMatchObject([{ right: 'principal' }]);
  });

  it('does not take our own broken credential for a missing right', async () => {
    const broken = new TenantAccessError('The secret is wrong.', { operation: 'x', next: 'x', reason: 'credential' });
    const credentials = { token: () => Promise.reject(broken), forget: () => undefined };
    await expect(directory({ credentials }).access()).rejects.toBe(broken);
  });
});

describe('adapters/graph: domains', () => {
  const mx = { recordType: 'Mx', label: 'Contoso.com', supportedService: 'Email' };

  it('takes the mail host from the records and never makes it up', async () => {
    const records = values(
      { ...mx, mailExchange: 'backup.mx.microsoft', preference: 20 },
      { ...mx, mailExchange: 'Contoso-com.o-v1.mx.microsoft.', preference: 0 },
      { recordType: 'Txt', label: 'contoso.com', text: 'v=spf1  include: spf.protection.outlook.com -all ' },
      { recordType: 'CName', label: 'autodiscover.contoso.com', canonicalName: 'autodiscover.outlook.com' },
      { recordType: 'Srv', label: '_sip._tls.contoso.com' },
    );
    scripted.server.answer(records, records, values());
    expect(await directory().mailHost('Contoso.com')).toBe('contoso-com.o-v1.mx.microsoft');
    expect(await directory().serviceRecords('contoso.com')).toContainEqual({
      type: 'TXT',
      name: 'contoso.com',
      text: 'v=spf1 include:spf.protection.outlook.com -all',
    });
    expect(await directory().mailHost('contoso.com')).toBeNull();
    expect(scripted.server.received[0]?.path).toBe('/v1.0/domains/contoso.com/serviceConfigurationRecords');
  });

  it('reads domains over all pages', async () => {
    const next = `${scripted.server.url}/v1.0/domains?$skiptoken=2`;
    scripted.server.answer(
      jsonAnswer(200, {
        value: [{ id: 'Contoso.com', isVerified: true, supportedServices: ['Email'] }],
        '@odata.nextLink': next,
      }),
      values({ id: 'contoso.onmicrosoft.com', isInitial: true, isVerified: true }),
    );
    expect(await directory().domains()).toEqual([
      { name: 'contoso.com', isVerified: true, isDefault: false, isInitial: false, receivesMail: true },
      { name: 'contoso.onmicrosoft.com', isVerified: true, isDefault: false, isInitial: true, receivesMail: false },
    ]);
    expect(scripted.server.received[1]?.path).toBe('/v1.0/domains?$skiptoken=2');
  });

  it('adds a domain, also one that is there, and asks for its verification', async () => {
    scripted.server.answer(
      jsonAnswer(201, { id: 'x.example' }),
      failure(409, 'Request_ResourceAlreadyExists'),
      values({ recordType: 'Txt', label: 'x.example', text: 'MS=ms1' }),
      failure(400, 'Request_BadRequest', 'The record was not found.'),
    );
    const tenant = directory();
    await tenant.addDomain('X.example');
    await tenant.addDomain('x.example');
    expect(await tenant.verificationRecords('x.example')).toEqual([{ type: 'TXT', name: 'x.example', text: 'MS=ms1' }]);
    const refused = await errorOf(tenant.verifyDomain('x.example'));
    expect(refused).toBeInstanceOf(RejectedError);
    expect(refused.message).toContain('The record was not found.');
    expect(JSON.parse(scripted.server.received[0]?.body ?? '')).toEqual({ id: 'x.example' });
  });
});

describe('adapters/graph: traces and the end', () => {
  it('reads message traces with each property once, quotes doubled', async () => {
    scripted.server.answer(
      values({
        id: 't1',
        messageId: '<1@x>',
        senderAddress: "O'Neill@x.example",
        recipientAddress: 'B@contoso.com',
        receivedDateTime: '2026-11-20T10:00:00Z',
        status: 'failed',
        fromIP: '192.0.2.7',
      }),
    );
    const from = new Date('2026-11-20T00:00:00Z');
    const to = new Date('2026-11-21T00:00:00Z');
    const [traced] = await directory().messageTraces({ from, to, sender: "o'neill@x.example" });
    expect(traced).toMatchObject({ sender: "o'neill@x.example", recipient: 'b@contoso.com', toIp: null });
    const query = new URL(scripted.server.received[0]?.path ?? '', scripted.server.url).searchParams.get('$filter');
    expect(query).toBe(
      'receivedDateTime ge 2026-11-20T00:00:00.000Z and receivedDateTime le 2026-11-21T00:00:00.000Z ' +
        "and senderAddress eq 'o''neill@x.example'",
    );
  });

  it('sends every character of a value as itself', async () => {
    const [sender, recipient] = ['a+b&c#d%e?f=g;h@x.example', "ü o'neill/@contoso.com"];
    scripted.server.answer(values());
    const span = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    await directory().messageTraces({ ...span, sender, recipient });
    const { pathname, searchParams, hash } = new URL(scripted.server.received[0]?.path ?? '', scripted.server.url);
    expect([pathname, [...searchParams.keys()], hash]).toEqual([
      '/v1.0/admin/exchange/tracing/messageTraces',
      ['$filter'],
      '',
    ]);
    expect(searchParams.get('$filter')).toContain(
      `senderAddress eq '${sender}' and recipientAddress eq '${recipient.replace("'", "''")}'`,
    );
  });

  it.each([
    ['2026-11-10T23:59:59Z', '2026-11-21T00:00:00Z', 'more than ten days'],
    ['2026-08-20T00:00:00Z', '2026-08-21T00:00:00Z', 'for 90 days'],
    ['2026-11-21T00:00:00Z', '2026-11-20T00:00:00Z', 'before the beginning'],
  ])('does not ask for messages from %s to %s', async (from, to, words) => {
    const asked = directory().messageTraces({ from: new Date(from), to: new Date(to) });
    await expect(asked).rejects.toThrow(words);
    await expect(asked).rejects.toBeInstanceOf(RefusedError);
    expect(scripted.server.received).toHaveLength(0);
  });

  it('removes our principal, and knows when it is gone already', async () => {
    scripted.server.answer(values({ id: 'ours', accountEnabled: true }), rawAnswer(204, ''), values());
    const tenant = directory();
    expect(await tenant.removePrincipal()).toBe('removed');
    expect(scripted.server.received[1]).toMatchObject({ method: 'DELETE', path: '/v1.0/servicePrincipals/ours' });
    expect(await tenant.removePrincipal()).toBe('absent');
  });
});
