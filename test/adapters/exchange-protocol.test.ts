import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createExchangeOnline,
  type ExchangeOnlineOptions,
} from '../../src/adapters/exchange-online/exchange-online.ts';
import { RefusedError, ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { FakeClock } from '../support/fake-clock.ts';
import {
  CONTOSO,
  contosoAt,
  errorOf,
  exchangeOptions,
  FABRIKAM,
  failure,
  newConnector,
  rawDomain,
  values,
} from '../support/scripted-exchange.ts';
import { jsonAnswer, rawAnswer, type ScriptedServer, startScripted, unsignedToken } from '../support/scripted-https.ts';

const COMPLIANCE_SCOPE = 'https://ps.compliance.protection.outlook.com/.default';
const initialDomain = { ...rawDomain, DomainName: 'contoso.onmicrosoft.com', Identity: 'i', InitialDomain: true };
const alert = { Identity: 'Phish', Name: 'Phish', Disabled: false, IsSystemRule: true };

let server: ScriptedServer;
let compliance: ScriptedServer;

beforeAll(async () => {
  server = await startScripted();
  compliance = await startScripted();
});

afterAll(async () => {
  await server.close();
  await compliance.close();
});

afterEach(() => {
  expect(server.finish() + compliance.finish(), 'scripted answers that were not asked for').toBe(0);
});

function exchange(overrides: Partial<ExchangeOnlineOptions> = {}): ExchangeTenant {
  return contosoAt(server.url, { compliance: { baseUrl: compliance.url, scope: COMPLIANCE_SCOPE }, ...overrides });
}

function page(skip: number, ...rows: object[]): ReturnType<typeof jsonAnswer> {
  const next = `${server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=${skip}`;
  return jsonAnswer(200, { value: rows, '@odata.nextLink': next });
}

function domain(name: string): object {
  return { ...rawDomain, Identity: name, DomainName: name };
}

describe('adapters/exchange-online: protocol', () => {
  it('goes on after a write where the write was made, by its cookies', async () => {
    server.answer(jsonAnswer(200, {}, { 'set-cookie': 'server=five; path=/; secure; HttpOnly' }), values(), values());
    const tenant = exchange();
    await tenant.invoke(newConnector);
    await tenant.list('Get-InboundConnector');
    await tenant.invoke(newConnector);
    expect(server.received.map(({ headers }) => headers.cookie)).toEqual([undefined, 'server=five', 'server=five']);
  });

  it('begins again when the link to a further page has expired', async () => {
    const expired = failure(400, 'X.Y', 'The pagination request is invalid or expired; links live for 00:30:00');
    server.answer(page(1, domain('a.example')), expired, page(1, domain('a.example')), values(domain('b.example')));
    const all = await exchange().list('Get-AcceptedDomain');
    expect(all.map(({ DomainName }) => DomainName)).toEqual(['a.example', 'b.example']);
  });

  it('follows further pages of an answer inside a batch, with its cookies', async () => {
    const next = `${server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=9`;
    const responses = [
      { id: '1', status: 200, body: { value: [] } },
      { id: '0', status: 200, body: { value: [domain('a.example')], '@odata.nextLink': next } },
    ];
    server.answer(jsonAnswer(200, { responses }, { 'set-cookie': 'server=two' }), values(domain('b.example')));
    const lists = await exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists['Get-AcceptedDomain']).toHaveLength(2);
    const [, further] = server.received;
    expect(further?.path).toContain('skiptoken=9');
    expect(further?.headers.cookie).toBe('server=two');
    expect(JSON.parse(further?.body ?? '')).toMatchObject({ CmdletInput: { CmdletName: 'Get-AcceptedDomain' } });
  });

  it('asks alone for what a batch answers twice, and takes answers to what was not asked for nothing', async () => {
    const one = (id: string, name: string) => ({ id, status: 200, body: { value: [domain(name)] } });
    const responses = [one('0', 'a.example'), { id: '0', status: 404, body: null }, one('7', 'c.example')];
    const rules = { id: '1', status: 200, body: { value: [] } };
    server.answer(jsonAnswer(200, { responses: [...responses, rules] }), values(domain('right.example')));
    const lists = await exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists['Get-AcceptedDomain'].map(({ DomainName }) => DomainName)).toEqual(['right.example']);
    expect(lists['Get-TransportRule']).toEqual([]);
    expect(server.received.map(({ path }) => path.split('/').at(-1))).toEqual(['$batch', 'InvokeCommand']);
  });

  it('puts ten reads into a batch and no more', async () => {
    const kinds = [
      'Get-InboundConnector',
      'Get-OutboundConnector',
      'Get-TransportRule',
      'Get-AcceptedDomain',
      'Get-RemoteDomain',
      'Get-OrganizationConfig',
      'Get-HostedConnectionFilterPolicy',
      'Get-HostedContentFilterPolicy',
      'Get-TenantAllowBlockListSpoofItems',
      'Get-AntiPhishPolicy',
      'Get-DkimSigningConfig',
      'Get-ArcConfig',
    ] as const;
    const empty = (count: number) =>
      jsonAnswer(200, {
        responses: Array.from({ length: count }, (_, id) => ({ id: String(id), body: { value: [] } })),
      });
    server.answer(empty(10), empty(10));
    await exchange().lists(kinds);
    const sizes = server.received.map(({ body }) => (JSON.parse(body) as { requests: unknown[] }).requests.length);
    expect(sizes.toSorted((one, other) => one - other)).toEqual([2, 10]);
  });

  it('asks for connectors that are only tried out, too', async () => {
    server.answer(values());
    await exchange().list('Get-OutboundConnector');
    expect(server.received[0]?.body).toContain('"IncludeTestModeConnectors":true');
  });

  it('tries a read again after the tenant-concurrency text, and sends a write once', async () => {
    const busy = failure(
      500,
      'X.Y',
      'The maximum number of concurrent requests per tenant was reached',
      'InternalServerError',
    );
    server.answer(busy, values(rawDomain), busy);
    const tenant = exchange();
    expect(await tenant.list('Get-AcceptedDomain')).toHaveLength(1);
    expect(await errorOf(tenant.invoke(newConnector))).toBeInstanceOf(ThrottledError);
  });

  it('waits before the next call for as long as the last answer asked', async () => {
    const clock = new FakeClock();
    const started = clock.now().getTime();
    server.answer(rawAnswer(429, '', { 'retry-after': '25' }), values());
    const tenant = exchange({ clock });
    await errorOf(tenant.invoke(newConnector));
    await tenant.invoke(newConnector);
    expect((clock.now().getTime() - started) / 1000).toBeGreaterThanOrEqual(25);
  });

  it('leaves a tenant alone that asked for an hour, without sending anything', async () => {
    server.answer(rawAnswer(429, '', { 'retry-after': '3600' }));
    const tenant = exchange();
    await errorOf(tenant.list('Get-AcceptedDomain'));
    expect(await errorOf(tenant.invoke(newConnector))).toMatchObject({ code: 'throttled', retryAfterSeconds: 3600 });
  });

  it('stops calling a tenant that does not answer, and only that one', async () => {
    server.answer(...Array.from({ length: 5 }, () => rawAnswer(503, '')));
    const clock = new FakeClock(undefined, true);
    const all = createExchangeOnline(exchangeOptions(server.url, { clock }));
    const tenant = all.tenant(CONTOSO);
    for (let times = 0; times < 5; times += 1) await errorOf(tenant.invoke(newConnector));
    const error = await errorOf(tenant.invoke(newConnector));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toMatch(/5 times in a row/u);
    expect(server.received).toHaveLength(5);
    server.answer(values());
    await all.tenant(FABRIKAM).invoke(newConnector);
    clock.advance(31);
    server.answer(values());
    await tenant.invoke(newConnector);
  });

  it('sends questions with their parameters and refuses them without', async () => {
    const row = {
      MessageTraceId: CONTOSO,
      MessageId: '<1@contoso.com>',
      Received: '2026-11-21T08:00:00.0000000Z',
      SenderAddress: 'A@Example.net',
      RecipientAddress: 'b@contoso.com',
      Subject: 'not kept',
      Status: 'Failed',
      FromIP: '192.0.2.7',
    };
    server.answer(values(row));
    const parameters = { StartDate: '2026-11-20T00:00:00Z', EndDate: '2026-11-21T00:00:00Z', Status: ['Failed'] };
    const [traced] = await exchange().ask('Get-MessageTraceV2', parameters);
    expect(traced).toEqual({
      MessageTraceId: CONTOSO,
      MessageId: '<1@contoso.com>',
      Received: '2026-11-21T08:00:00.000Z',
      SenderAddress: 'a@example.net',
      RecipientAddress: 'b@contoso.com',
      Status: 'Failed',
      FromIP: '192.0.2.7',
      ToIP: null,
    });
    await expect(exchange().ask('Get-MessageTraceV2', {})).rejects.toBeInstanceOf(RefusedError);
  });
});

describe('adapters/exchange-online: compliance service', () => {
  it('has its own host, scope and anchor, found by the initial domain once', async () => {
    const scopes: string[] = [];
    const credentials = {
      token: async (tenantId: string, scope: string) => {
        scopes.push(scope);
        return unsignedToken(tenantId);
      },
      forget: () => undefined,
    };
    server.answer(values(rawDomain, initialDomain));
    compliance.answer(values(alert), values());
    const tenant = exchange({ credentials });
    expect(await tenant.list('Get-ProtectionAlert')).toMatchObject([{ Name: 'Phish', IsSystemRule: true }]);
    await tenant.invoke({ cmdlet: 'Set-ProtectionAlert', parameters: { Identity: 'Phish', Disabled: true } });
    expect(compliance.received.map(({ headers }) => headers['x-anchormailbox'])).toEqual(
      Array(2).fill('UPN:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@contoso.onmicrosoft.com'),
    );
    expect(new Set(scopes)).toEqual(new Set([COMPLIANCE_SCOPE, 'https://outlook.office365.com/.default']));
    expect(server.received).toHaveLength(1);
  });

  it('is reached by others too when whoever asked first for the initial domain gives up', async () => {
    const abort = new AbortController();
    const bothAsked = Promise.withResolvers<void>();
    let asked = 0;
    const credentials = {
      token: async (tenantId: string, scope: string) => {
        asked += scope === COMPLIANCE_SCOPE ? 1 : 0;
        if (asked === 2) setImmediate(bothAsked.resolve);
        return unsignedToken(tenantId);
      },
      forget: () => undefined,
    };
    const answer = Promise.withResolvers<() => void>();
    server.answer((response, received) => answer.resolve(() => values(initialDomain)(response, received)));
    compliance.answer(values(alert));
    const tenant = exchange({ credentials });
    const leaving = tenant.list('Get-ProtectionAlert', abort.signal);
    const staying = tenant.list('Get-ProtectionAlert');
    const [, give] = await Promise.all([bothAsked.promise, answer.promise]);
    abort.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    give();
    expect(await staying).toMatchObject([{ Name: 'Phish' }]);
  });

  it('goes to its region at once after the first redirect', async () => {
    server.answer(values(initialDomain));
    compliance.answer(rawAnswer(302, '', { location: `${compliance.url}/elsewhere` }), values(), values());
    const tenant = exchange();
    await tenant.list('Get-ProtectionAlert');
    await tenant.list('Get-ProtectionAlert');
    expect(compliance.received.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(new Set(compliance.received.map(({ path }) => path))).toEqual(
      new Set([`/adminapi/beta/${CONTOSO}/InvokeCommand`]),
    );
  });

  it('names the role it needs, which is not the one of Exchange', async () => {
    const message = 'Get-ProtectionAlert is not present in the role definition of the current user.';
    server.answer(values(initialDomain));
    compliance.answer(jsonAnswer(403, { error: { code: 'Forbidden', message } }));
    const error = await errorOf(exchange().list('Get-ProtectionAlert'));
    expect(error).toMatchObject({ code: 'tenant-access', reason: 'directory-role' });
    expect(error.next).toContain('Compliance Administrator');
    expect(error.message).toContain('Get-ProtectionAlert');
  });

  it('is never part of a batch to Exchange', async () => {
    server.answer(values(initialDomain), jsonAnswer(200, { responses: [{ id: '0', body: { value: [] } }] }));
    compliance.answer(values(), values(alert));
    const tenant = exchange();
    await tenant.list('Get-ProtectionAlert');
    const lists = await tenant.lists(['Get-ProtectionAlert', 'Get-TransportRule']);
    expect(lists['Get-ProtectionAlert']).toHaveLength(1);
  });
});
