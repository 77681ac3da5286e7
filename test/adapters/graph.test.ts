import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDirectory, type DirectoryOptions } from '../../src/adapters/graph/directory.ts';
import {
  RefusedError,
  RejectedError,
  TenantAccessError,
  TenantMismatchError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../src/core/errors.ts';
import type { DirectoryTenant } from '../../src/ports/directory.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { CONTOSO, errorOf, FABRIKAM } from '../support/scripted-exchange.ts';
import {
  cutConnection,
  jsonAnswer,
  type Play,
  rawAnswer,
  type ScriptedServer,
  startScripted,
  unsignedToken,
} from '../support/scripted-https.ts';
import { silentLog } from '../support/silent-log.ts';

const APP = '0b0b0b0b-0000-4000-8000-0000000000e0';
const EXCHANGE_APP = '00000002-0000-0ff1-ce00-000000000000';
const MANAGE = 'dc50a0fb-09a3-484d-be87-e023b12c6440';
const ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScripted();
});

afterAll(() => server.close());

afterEach(() => {
  expect(server.finish(), 'scripted answers that were not asked for').toBe(0);
});

function directory(overrides: Partial<DirectoryOptions> = {}): DirectoryTenant {
  return createDirectory({
    appId: APP,
    baseUrl: server.url,
    scope: 'https://graph.microsoft.com/.default',
    credentials: {
      token: async (tenantId: string) => unsignedToken(tenantId, ['Domain.Read.All', 'Application.Read.All']),
      forget: () => undefined,
    },
    clock: new FakeClock(),
    log: silentLog(),
    timeout: 3000,
    ...overrides,
  }).tenant(CONTOSO);
}

function values(...value: readonly unknown[]): Play {
  return jsonAnswer(200, { value });
}

function failure(status: number, code: string, message = 'words'): Play {
  return jsonAnswer(status, {
    error: { code, message, innerError: { 'request-id': 'r', date: '2026-11-21T00:00:00' } },
  });
}

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
  server.answer(...tenantWith(tenant));
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
    server.answer(...tenantWith({ grants: ['theirs'], roles: null }));
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
    server.answer(values());
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
    server.answer(records, records, values());
    expect(await directory().mailHost('Contoso.com')).toBe('contoso-com.o-v1.mx.microsoft');
    expect(await directory().serviceRecords('contoso.com')).toContainEqual({
      type: 'TXT',
      name: 'contoso.com',
      text: 'v=spf1 include:spf.protection.outlook.com -all',
    });
    expect(await directory().mailHost('contoso.com')).toBeNull();
    expect(server.received[0]?.path).toBe('/v1.0/domains/contoso.com/serviceConfigurationRecords');
  });

  it('reads domains over all pages', async () => {
    const next = `${server.url}/v1.0/domains?$skiptoken=2`;
    server.answer(
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
    expect(server.received[1]?.path).toBe('/v1.0/domains?$skiptoken=2');
  });

  it('adds a domain, also one that is there, and asks for its verification', async () => {
    server.answer(
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
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ id: 'x.example' });
  });
});

describe('adapters/graph: traces and the end', () => {
  it('reads message traces with each property once, quotes doubled', async () => {
    server.answer(
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
    const query = new URL(server.received[0]?.path ?? '', server.url).searchParams.get('$filter');
    expect(query).toBe(
      'receivedDateTime ge 2026-11-20T00:00:00.000Z and receivedDateTime le 2026-11-21T00:00:00.000Z ' +
        "and senderAddress eq 'o''neill@x.example'",
    );
  });

  it('sends every character of a value as itself', async () => {
    const [sender, recipient] = ['a+b&c#d%e?f=g;h@x.example', "ü o'neill/@contoso.com"];
    server.answer(values());
    const span = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    await directory().messageTraces({ ...span, sender, recipient });
    const { pathname, searchParams, hash } = new URL(server.received[0]?.path ?? '', server.url);
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
    expect(server.received).toHaveLength(0);
  });

  it('removes our principal, and knows when it is gone already', async () => {
    server.answer(values({ id: 'ours', accountEnabled: true }), rawAnswer(204, ''), values());
    const tenant = directory();
    expect(await tenant.removePrincipal()).toBe('removed');
    expect(server.received[1]).toMatchObject({ method: 'DELETE', path: '/v1.0/servicePrincipals/ours' });
    expect(await tenant.removePrincipal()).toBe('absent');
  });
});

describe('adapters/graph: failures', () => {
  it('waits as long as it is told, or a moment, and never unseen', async () => {
    const clock = new FakeClock();
    const before = clock.now().getTime();
    server.answer(rawAnswer(429, '{}', { 'retry-after': '7' }), failure(503, 'ServiceUnavailable'), values());
    await directory({ clock }).domains();
    const seconds = (clock.now().getTime() - before) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(7);
    expect(seconds).toBeLessThan(10);
    server.answer(failure(429, 'TooManyRequests'), failure(429, 'TooManyRequests'), failure(429, 'TooManyRequests'));
    const started = performance.now();
    await expect(directory().domains()).rejects.toBeInstanceOf(ThrottledError);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['403', failure(403, 'Authorization_RequestDenied'), TenantAccessError],
    ['404', failure(404, 'Request_ResourceNotFound'), RejectedError],
    ['400', failure(400, 'Request_BadRequest'), RejectedError],
    ['a page that is no JSON', rawAnswer(200, '<html>', { 'content-type': 'text/html' }), UnavailableError],
    ['a domain without a name', values({ isVerified: true }), UnavailableError],
  ] satisfies [string, Play, unknown][])('explains %s', async (_, play, kind) => {
    server.answer(play);
    if (kind === UnavailableError) server.answer();
    const error = await errorOf(directory().domains());
    expect(error).toBeInstanceOf(kind);
    expect(error.operation).toContain(CONTOSO);
  });

  it.each([
    ['its token is refused', rawAnswer(401, '{}'), ['Domain.ReadWrite.All'], ['Domain.ReadWrite.All']],
    ['its token lacks the permission', failure(403, 'Authorization_RequestDenied'), [], ['Domain.ReadWrite.All']],
  ] satisfies [string, Play, string[], string[]][])(
    'sends a call again with a new token where %s, and only once',
    async (_, refusal, before, after) => {
      const tokens = [unsignedToken(CONTOSO, before), unsignedToken(CONTOSO, after)];
      const forget = vi.fn(() => tokens.splice(0, tokens.length - 1));
      const credentials = { token: async () => tokens[0] ?? '', forget };
      server.answer(refusal, jsonAnswer(201, { id: 'x.example' }));
      await directory({ credentials }).addDomain('x.example');
      const [first, second] = server.received.map(({ headers }) => headers.authorization);
      expect([first, second]).toEqual([before, after].map((roles) => `Bearer ${unsignedToken(CONTOSO, roles)}`));
      expect(forget.mock.calls).toEqual([[CONTOSO]]);
      const always = { token: async () => unsignedToken(CONTOSO, before), forget: () => undefined };
      server.answer(refusal, refusal);
      expect(await errorOf(directory({ credentials: always }).addDomain('x.example'))).toBeInstanceOf(
        TenantAccessError,
      );
    },
  );

  it('does not send a call again that is refused although its token has the permission', async () => {
    server.answer(failure(403, 'Authorization_RequestDenied'));
    expect(await errorOf(directory().domains())).toMatchObject({ message: expect.stringContaining('although') });
    expect(server.received).toHaveLength(1);
  });

  it('does not know what became of a change that was not answered, and sends it once', async () => {
    server.answer(cutConnection);
    await expect(directory().addDomain('x.example')).rejects.toBeInstanceOf(UnknownOutcomeError);
    server.answer(failure(503, 'ServiceUnavailable'));
    await expect(directory().addDomain('x.example')).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(server.received).toHaveLength(2);
  });

  it('sends nothing with a token of another tenant', async () => {
    const credentials = { token: async () => unsignedToken(FABRIKAM), forget: () => undefined };
    await expect(directory({ credentials }).domains()).rejects.toBeInstanceOf(TenantMismatchError);
    expect(server.received).toHaveLength(0);
  });

  it('never follows a page or a redirect to another place', async () => {
    server.answer(jsonAnswer(200, { value: [], '@odata.nextLink': 'https://graph.example/v1.0/domains' }));
    await expect(directory().domains()).rejects.toBeInstanceOf(RefusedError);
    server.answer(...Array.from({ length: 3 }, () => rawAnswer(302, '', { location: 'https://graph.example/' })));
    await expect(directory().domains()).rejects.toBeInstanceOf(UnavailableError);
  });

  it('passes the reason of the signal on', async () => {
    const abort = new AbortController();
    server.answer(() => abort.abort(new Error('shutting down')));
    await expect(directory().domains(abort.signal)).rejects.toThrow('shutting down');
  });
});
