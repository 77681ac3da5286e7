import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createExchangeOnline,
  type ExchangeOnlineOptions,
} from '../../src/adapters/exchange-online/exchange-online.ts';
import {
  type OpsError,
  RefusedError,
  RejectedError,
  TenantAccessError,
  TenantMismatchError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../src/core/errors.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  cutConnection,
  jsonAnswer,
  type Play,
  rawAnswer,
  type ScriptedServer,
  silence,
  startScripted,
  unsignedToken,
} from '../support/scripted-https.ts';
import { silentLog } from '../support/silent-log.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';
const domain = { Identity: 'Contoso.com', DomainName: 'Contoso.com', DomainType: 'Authoritative', Default: true };
const newConnector = {
  cmdlet: 'New-InboundConnector',
  parameters: { Name: 'Gateway – Zürich', SenderDomains: ['*'], Enabled: false },
};

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScripted();
});

afterAll(() => server.close());

afterEach(() => {
  expect(server.finish(), 'scripted answers that were not asked for').toBe(0);
});

function exchange(overrides: Partial<ExchangeOnlineOptions> = {}): ExchangeTenant {
  const credentials = { token: async (tenantId: string) => unsignedToken(tenantId), forget: () => undefined };
  const scope = 'https://outlook.office365.com/.default';
  const options = { baseUrl: server.url, scope, credentials, clock: new FakeClock(), log: silentLog(), timeout: 300 };
  return createExchangeOnline({ ...options, ...overrides }).tenant(CONTOSO);
}

function values(...value: readonly unknown[]) {
  return jsonAnswer(200, { '@adminapi.warnings': [], value });
}

function failure(status: number, type: string, text: string, code = 'BadRequest') {
  const details = [{ code: 'Client', target: '', message: `Ex6F9304|${type}|${text}` }];
  return jsonAnswer(status, { error: { code, message: 'Error executing cmdlet', details } });
}

async function errorOf(work: Promise<unknown>): Promise<OpsError> {
  return work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as OpsError,
  );
}

describe('adapters/exchange-online: what is sent', () => {
  it('names cmdlet, parameters, tenant, anchor and charset', async () => {
    server.answer(values());
    await exchange().invoke(newConnector);
    const [{ path, headers, body } = expect.fail('nothing was sent')] = server.received;
    expect(path).toBe(`/adminapi/beta/${CONTOSO}/InvokeCommand`);
    expect(JSON.parse(body)).toEqual({
      CmdletInput: { CmdletName: 'New-InboundConnector', Parameters: newConnector.parameters },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-anchormailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${CONTOSO}`,
      prefer: 'odata.maxpagesize=1000',
      authorization: `Bearer ${unsignedToken(CONTOSO)}`,
    });
  });

  it.each([
    ['a cmdlet that is not in the table', 'New-ManagementRoleAssignment', { Name: 'x' }],
    ['a reading cmdlet', 'Get-InboundConnector', {}],
    ['an unknown parameter', 'New-InboundConnector', { Name: 'x', SenderDomains: ['*'], ScanAndDropRecipients: [] }],
    ['a parameter of another case', 'New-InboundConnector', { name: 'x', SenderDomains: ['*'] }],
    ['a value of another kind', 'New-InboundConnector', { Name: 'x', SenderDomains: ['*'], Enabled: 'false' }],
    ['a word that is no choice', 'New-InboundConnector', { Name: 'x', SenderDomains: ['*'], ConnectorType: 'Par' }],
    ['an object for a list', 'New-InboundConnector', { Name: 'x', SenderDomains: { Add: ['*'] } }],
    ['a control character', 'New-InboundConnector', { Name: 'x\u0000', SenderDomains: ['*'] }],
    ['a missing parameter', 'New-InboundConnector', { Name: 'x' }],
    ['an inherited name', 'New-InboundConnector', JSON.parse('{"Name":"x","SenderDomains":["*"],"__proto__":"x"}')],
    ['a blank identity', 'Remove-InboundConnector', { Identity: ' ' }],
    ['a wildcard identity', 'Remove-InboundConnector', { Identity: '*' }],
  ])('is never %s', async (_, cmdlet, parameters) => {
    await expect(exchange().invoke({ cmdlet, parameters })).rejects.toBeInstanceOf(RefusedError);
    expect(server.received).toHaveLength(0);
  });

  it.each(['', '  ', '*', 'Gateway*'])('is never a read of the identity "%s"', async (identity) => {
    await expect(exchange().get('Get-InboundConnector', identity)).rejects.toBeInstanceOf(RefusedError);
    expect(server.received).toHaveLength(0);
  });

  it('is nothing when the token is for another tenant', async () => {
    const credentials = { token: async () => unsignedToken(FABRIKAM), forget: () => undefined };
    await expect(exchange({ credentials }).list('Get-AcceptedDomain')).rejects.toBeInstanceOf(TenantMismatchError);
    expect(server.received).toHaveLength(0);
  });

  it('never goes to another tenant or host that an answer points to', async () => {
    const links = [
      `${server.url}/adminapi/beta/${FABRIKAM}/InvokeCommand?%24skiptoken=1`,
      `https://outlook.example/adminapi/beta/${CONTOSO}/InvokeCommand`,
    ];
    for (const link of links) server.answer(jsonAnswer(200, { value: [domain], '@odata.nextLink': link }));
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(TenantMismatchError);
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(RefusedError);
    server.answer(rawAnswer(302, '', { location: 'https://outlook.example/' }));
    await expect(exchange().invoke(newConnector)).rejects.toBeInstanceOf(RefusedError);
    expect(server.received).toHaveLength(3);
  });

  it('carries the tenant of its job in address and token when many run at once', async () => {
    const tenants = Array.from({ length: 20 }, (_, index) => CONTOSO.replace(/01$/u, String(index + 10)));
    const scope = 'https://outlook.office365.com/.default';
    const credentials = {
      token: async (tenantId: string) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        return unsignedToken(tenantId);
      },
      forget: () => undefined,
    };
    const all = createExchangeOnline({
      baseUrl: server.url,
      scope,
      credentials,
      clock: new FakeClock(),
      log: silentLog(),
    });
    const jobs = Array.from({ length: 200 }, (_, index) => tenants[index % tenants.length] ?? CONTOSO);
    server.answer(...jobs.map(() => values()));
    await Promise.all(jobs.map((tenantId) => all.tenant(tenantId).list('Get-AcceptedDomain')));
    const sent = server.received.map(({ path, headers }) => ({
      address: path.split('/')[3],
      token: (JSON.parse(atob(headers.authorization?.split('.')[1] ?? '')) as { tid: string }).tid,
      anchor: String(headers['x-anchormailbox']).split('@')[1],
    }));
    expect(sent.every(({ address, token, anchor }) => address === token && address === anchor)).toBe(true);
    expect(sent.map(({ address }) => address).toSorted()).toEqual(jobs.toSorted());
  });
});

describe('adapters/exchange-online: reads', () => {
  it('give canonical objects and ignore notes beside the values', async () => {
    server.answer(values({ ...domain, 'DomainName@data.type': 'System.String', 'Odd(DateTime])': 1, extra: {} }));
    expect(await exchange().get('Get-AcceptedDomain', 'contoso.com')).toEqual({
      ...domain,
      DomainName: 'contoso.com',
      InitialDomain: false,
    });
  });

  it('follow pages with the same body, anchor and cookies', async () => {
    const next = `${server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=2`;
    server.answer(
      jsonAnswer(
        200,
        { value: [domain], '@odata.nextLink': next },
        { 'set-cookie': 'exchangecookie=abc; path=/; secure' },
      ),
      values({ ...domain, Identity: 'two.example', DomainName: 'two.example' }),
    );
    expect(await exchange().list('Get-AcceptedDomain')).toHaveLength(2);
    const [first, second] = server.received;
    expect(second?.path).toContain('skiptoken=2');
    expect(second?.body).toBe(first?.body);
    expect(second?.headers.cookie).toBe('exchangecookie=abc');
    expect(second?.headers['x-anchormailbox']).toBe(first?.headers['x-anchormailbox']);
  });

  it('end when pages do not', async () => {
    const next = `${server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=again`;
    server.answer(...Array.from({ length: 200 }, () => jsonAnswer(200, { value: [], '@odata.nextLink': next })));
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('refuse a list that was cut short', async () => {
    const warning = 'There are more results available. Use ResultSize Unlimited to get them.';
    server.answer(jsonAnswer(200, { value: [domain], '@adminapi.warnings': [warning] }));
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('give null only when Exchange says that the object is not there', async () => {
    server.answer(
      failure(404, 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException', 'gone', 'NotFound'),
      values(),
      ...Array.from({ length: 4 }, () => rawAnswer(404, '<html>no such page</html>')),
    );
    const tenant = exchange();
    expect(await tenant.get('Get-InboundConnector', 'Gateway')).toBeNull();
    expect(await tenant.get('Get-InboundConnector', 'Gateway')).toBeNull();
    await expect(tenant.get('Get-InboundConnector', 'Gateway')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('refuse an answer with another object or with several', async () => {
    server.answer(
      values({ ...domain, DomainName: 'other.example', Identity: 'other.example' }),
      values(domain, domain),
    );
    const tenant = exchange();
    await expect(tenant.get('Get-AcceptedDomain', 'contoso.com')).rejects.toBeInstanceOf(RejectedError);
    await expect(tenant.get('Get-AcceptedDomain', 'contoso.com')).rejects.toBeInstanceOf(RejectedError);
  });

  it.each([
    ['no JSON', rawAnswer(200, '<html>')],
    ['a list that is none', jsonAnswer(200, { value: 'all' })],
    ['entries that are none', jsonAnswer(200, { value: [null] })],
    ['a wrong field', values({ ...domain, DomainType: 'Imaginary' })],
    ['a missing field', values({ Identity: 'contoso.com' })],
  ])('refuse an answer with %s', async (_, play) => {
    server.answer(play);
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('are tried again after the pause the service asks for', async () => {
    const clock = new FakeClock();
    const before = clock.now().getTime();
    server.answer(
      rawAnswer(429, '', { 'retry-after': '30' }),
      jsonAnswer(503, { error: { code: 'ServiceUnavailable', message: 'later' } }),
      cutConnection,
      values(domain),
    );
    expect(await exchange({ clock }).list('Get-AcceptedDomain')).toHaveLength(1);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(30_000);
    expect(clock.now().getTime() - before).toBeLessThan(40_000);
  });

  it('give up after four attempts, and at once when the pause is too long', async () => {
    server.answer(
      ...Array.from({ length: 4 }, () => rawAnswer(502, '')),
      rawAnswer(429, '', { 'retry-after': '3600' }),
    );
    const tenant = exchange();
    await expect(tenant.list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
    const throttled = await errorOf(tenant.list('Get-AcceptedDomain'));
    expect(throttled).toBeInstanceOf(ThrottledError);
    expect(throttled).toMatchObject({ retryAfterSeconds: 3600 });
  });

  it('stop with the reason of the signal', async () => {
    const abort = new AbortController();
    server.answer((response) => {
      response.on('close', () => undefined);
      abort.abort(new Error('shutting down'));
    });
    await expect(exchange().list('Get-AcceptedDomain', abort.signal)).rejects.toThrow('shutting down');
  });

  it('of several lists share one batch whose answers may come in any order', async () => {
    const organization = { Identity: 'contoso.onmicrosoft.com', IsDehydrated: null };
    server.answer(
      jsonAnswer(200, {
        responses: [
          { id: '1', status: 200, body: { value: [organization] } },
          { id: '0', status: 200, body: { value: [domain] } },
        ],
      }),
    );
    const lists = await exchange().lists(['Get-AcceptedDomain', 'Get-OrganizationConfig']);
    expect(lists['Get-AcceptedDomain']).toHaveLength(1);
    expect(lists['Get-OrganizationConfig']).toEqual([
      { Identity: 'contoso.onmicrosoft.com', IsDehydrated: false, RejectDirectSend: false },
    ]);
    const [{ path, body } = expect.fail('nothing was sent')] = server.received;
    expect(path).toBe(`/adminapi/beta/${CONTOSO}/$batch`);
    const { requests } = JSON.parse(body) as {
      requests: { url: string; body: { CmdletInput: { Parameters: object } } }[];
    };
    expect(requests.map(({ url }) => url)).toEqual(
      Array(2).fill(`${server.url}/adminapi/beta/${CONTOSO}/InvokeCommand`),
    );
    expect(requests.map((request) => request.body.CmdletInput.Parameters)).toEqual([{ ResultSize: 'Unlimited' }, {}]);
  });

  it('that fail or are missing in a batch are asked for alone', async () => {
    server.answer(
      jsonAnswer(200, { responses: [{ id: '0', status: 429, body: { error: { code: 'TooManyRequests' } } }, null] }),
      values(domain),
      values(),
    );
    const lists = await exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists['Get-AcceptedDomain'].length + lists['Get-TransportRule'].length).toBe(1);
    expect(server.received).toHaveLength(3);
  });
});

describe('adapters/exchange-online: writes', () => {
  it('give warnings back', async () => {
    server.answer(jsonAnswer(200, { '@adminapi.warnings': ['Overlaps with\u0007 another.'] }));
    expect(await exchange().invoke(newConnector)).toEqual({ warnings: ['Overlaps with another.'] });
  });

  it.each([
    ['429', rawAnswer(429, '', { 'retry-after': '5' }), ThrottledError],
    ['a concurrency refusal', failure(400, 'X.Y', 'The maximum number of concurrent requests'), ThrottledError],
    [
      'an authorization context that is not there yet',
      failure(500, 'X.Y', 'Unable to initialize the authorization context'),
      UnavailableError,
    ],
    ['500', jsonAnswer(500, { error: { code: 'InternalServerError', message: 'oops' } }), UnknownOutcomeError],
    ['503', rawAnswer(503, ''), UnknownOutcomeError],
    ['408', rawAnswer(408, ''), UnknownOutcomeError],
    ['a connection that is cut', cutConnection, UnknownOutcomeError],
    ['silence', silence, UnknownOutcomeError],
    [
      'half an answer',
      (response) => response.writeHead(200, { 'content-length': '999' }).write('{"value"'),
      UnknownOutcomeError,
    ],
    ['an answer that is no JSON', rawAnswer(200, 'fine'), UnknownOutcomeError],
    ['a page of some proxy', rawAnswer(400, '<html>'), UnknownOutcomeError],
    ['a refusal of values', failure(400, 'Microsoft.Exchange.Data.DataValidationException', 'bad'), RejectedError],
    [
      'a refusal in the older form',
      failure(500, 'System.ArgumentException', 'bad', 'InternalServerError'),
      RejectedError,
    ],
  ] satisfies [string, Play, unknown][])('are sent once on %s', async (_, play, kind) => {
    server.answer(play);
    expect(await errorOf(exchange().invoke(newConnector))).toBeInstanceOf(kind);
    expect(server.received).toHaveLength(1);
  });

  it('that cannot leave are known to have done nothing', async () => {
    const closed = await startScripted();
    await closed.close();
    const error = await errorOf(exchange({ baseUrl: closed.url }).invoke(newConnector));
    expect(error).toBeInstanceOf(UnavailableError);
    const untrusted = exchange({ baseUrl: server.url.replace('127.0.0.1', 'localhost') });
    expect(await errorOf(untrusted.invoke(newConnector))).toBeInstanceOf(UnavailableError);
  });

  it('that are called off while on their way have an unknown outcome', async () => {
    const abort = new AbortController();
    server.answer(() => abort.abort());
    expect(await errorOf(exchange().invoke(newConnector, abort.signal))).toBeInstanceOf(UnknownOutcomeError);
    await expect(exchange().invoke(newConnector, abort.signal)).rejects.toBe(abort.signal.reason);
    expect(server.received).toHaveLength(1);
  });

  it('go one at a time per tenant', async () => {
    let inFlight = 0;
    let most = 0;
    const slow: Play = (response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        response.end('{}');
      }, 20);
    };
    server.answer(slow, slow, slow);
    const tenant = exchange();
    await Promise.all([1, 2, 3].map(() => tenant.invoke(newConnector)));
    expect(most).toBe(1);
  });
});

describe('adapters/exchange-online: access', () => {
  it('asks for a new token once when one is refused', async () => {
    const given: string[] = [];
    let isForgotten = false;
    const credentials = {
      token: async (tenantId: string) => {
        given.push(isForgotten ? 'new' : 'old');
        return unsignedToken(tenantId);
      },
      forget: () => {
        isForgotten = true;
      },
    };
    server.answer(rawAnswer(401, ''), values());
    await exchange({ credentials }).invoke(newConnector);
    expect(given).toEqual(['old', 'new']);
  });

  it.each([
    ['app-role', []],
    ['credential', ['Exchange.ManageAsApp']],
  ])('tells by the roles of the token that 401 means %s', async (reason, roles) => {
    const credentials = { token: async () => unsignedToken(CONTOSO, roles), forget: () => undefined };
    server.answer(rawAnswer(401, ''), rawAnswer(401, ''));
    const error = await errorOf(exchange({ credentials }).list('Get-AcceptedDomain'));
    expect(error).toBeInstanceOf(TenantAccessError);
    expect(error).toMatchObject({ reason });
  });

  it('reads the reason of 403 from a header, whatever its body is', async () => {
    const broken = { 'content-encoding': 'gzip', 'x-ms-diagnostics': '2000010;reason="no role"' };
    server.answer(rawAnswer(403, Buffer.alloc(40), broken));
    const error = await errorOf(exchange().list('Get-AcceptedDomain'));
    expect(error).toMatchObject({ code: 'tenant-access', reason: 'directory-role' });
    expect(error.message).toContain('no role');
  });

  it('takes over a regional host of the same name only', async () => {
    const port = new URL(server.url).port;
    server.answer(rawAnswer(307, '', { location: `${server.url}/adminapi/beta/${FABRIKAM}/x` }), values());
    expect(await exchange().list('Get-AcceptedDomain')).toEqual([]);
    expect(server.received.map(({ path }) => path)).toEqual(Array(2).fill(`/adminapi/beta/${CONTOSO}/InvokeCommand`));
    server.answer(rawAnswer(307, '', { location: `http://127.0.0.1:${port}/` }));
    await expect(exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(RefusedError);
  });

  it('does not go round in circles', async () => {
    server.answer(...Array.from({ length: 4 }, () => rawAnswer(302, '', { location: server.url })));
    await expect(exchange().invoke(newConnector)).rejects.toBeInstanceOf(RefusedError);
  });

  it('quotes what Exchange says first in its innermost words, on one line', async () => {
    const error = {
      code: 'BadRequest',
      message: 'Invalid Operation',
      details: [{ code: 'Client', target: '', message: '|System.ArgumentException|outer words' }],
      innererror: { message: 'generic', internalexception: { message: 'Ex12AB34|A.B|inner\r\nwords', type: 'A.B' } },
    };
    server.answer(jsonAnswer(400, { error }), jsonAnswer(400, { error: { ...error, innererror: null } }));
    const tenant = exchange();
    expect((await errorOf(tenant.invoke(newConnector))).message).toBe('Exchange Online refuses: inner words');
    expect((await errorOf(tenant.invoke(newConnector))).message).toBe('Exchange Online refuses: outer words');
  });

  it('refuses a tenant id that is none', () => {
    const all = () => createExchangeOnline({ baseUrl: server.url } as ExchangeOnlineOptions).tenant('../other');
    expect(all).toThrow(RefusedError);
  });
});
