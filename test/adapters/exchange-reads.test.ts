import { describe, expect, it, vi } from 'vitest';
import { RejectedError, ThrottledError, UnavailableError } from '../../src/core/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { CONTOSO, errorOf, failure, rawDomain, values } from '../support/scripted-exchange.ts';
import { cutConnection, jsonAnswer, type Play, rawAnswer } from '../support/scripted-https.ts';

const contoso = scriptedContoso();

describe('adapters/exchange-online: reads', () => {
  it('give canonical objects and ignore notes beside the values', async () => {
    contoso.server.answer(
      values({ ...rawDomain, 'DomainName@data.type': 'System.String', 'Odd(DateTime])': 1, extra: {} }),
    );
    expect(await contoso.exchange().get('Get-AcceptedDomain', 'contoso.com')).toEqual({
      ...rawDomain,
      DomainName: 'contoso.com',
      MatchSubDomains: false,
      InitialDomain: false,
      SendingFromDomainDisabled: false,
      SendingToDomainDisabled: false,
    });
  });

  it('follow pages with the same body, anchor and cookies', async () => {
    const next = `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=2`;
    contoso.server.answer(
      jsonAnswer(
        200,
        { value: [rawDomain], '@odata.nextLink': next },
        { 'set-cookie': 'exchangecookie=abc; path=/; secure' },
      ),
      values({ ...rawDomain, Identity: 'two.example', DomainName: 'two.example' }),
    );
    expect(await contoso.exchange().list('Get-AcceptedDomain')).toHaveLength(2);
    const [first, second] = contoso.server.received;
    expect(second?.path).toContain('skiptoken=2');
    expect(second?.body).toBe(first?.body);
    expect(second?.headers.cookie).toBe('exchangecookie=abc');
    expect(second?.headers['x-anchormailbox']).toBe(first?.headers['x-anchormailbox']);
  });

  it('of more than 200 pages are an error in words, never a list that was cut', async () => {
    const next = `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=again`;
    const page = { value: [rawDomain], '@odata.nextLink': next };
    contoso.server.answer(...Array.from({ length: 200 }, () => jsonAnswer(200, page)));
    const refused = await errorOf(contoso.exchange().list('Get-AcceptedDomain'));
    expect(refused).toBeInstanceOf(UnavailableError);
    expect(refused.message).toBe(
      'The answer of Exchange Online to Get-AcceptedDomain has more than 200 pages, or takes more than 15 minutes.',
    );
    expect(contoso.server.received).toHaveLength(200);
  });

  it('of more than 200 pages are the same error inside a batch, where the other lists do not help', async () => {
    const next = `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=again`;
    const page = { value: [rawDomain], '@odata.nextLink': next };
    const responses = [
      { id: '0', status: 200, body: page },
      { id: '1', status: 200, body: { value: [] } },
    ];
    contoso.server.answer(jsonAnswer(200, { responses }), ...Array.from({ length: 200 }, () => jsonAnswer(200, page)));
    const refused = await errorOf(contoso.exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']));
    expect(refused).toBeInstanceOf(UnavailableError);
    expect(refused.message).toContain('Get-AcceptedDomain has more than 200 pages');
    expect(contoso.server.received).toHaveLength(201);
  });

  it('of pages that take more than 15 minutes together are the same error, although each page is quick enough', async () => {
    const next = `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=again`;
    const began = performance.now();
    const now = vi.spyOn(performance, 'now').mockReturnValue(began);
    const inMinutes =
      (minutes: number, answer: Play): Play =>
      (response, received) => {
        now.mockReturnValue(began + minutes * 60_000);
        answer(response, received);
      };
    const page = jsonAnswer(200, { value: [rawDomain], '@odata.nextLink': next });
    contoso.server.answer(inMinutes(7, page), inMinutes(14.9, page), inMinutes(15.1, page));
    const refused = await errorOf(contoso.exchange().list('Get-AcceptedDomain'));
    now.mockRestore();
    expect(refused).toBeInstanceOf(UnavailableError);
    expect(refused.message).toContain('takes more than 15 minutes');
    expect(contoso.server.received).toHaveLength(3);
  });

  it('of exactly 200 pages are whole', async () => {
    const next = `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand?%24skiptoken=again`;
    const page = { value: [rawDomain], '@odata.nextLink': next };
    contoso.server.answer(...Array.from({ length: 199 }, () => jsonAnswer(200, page)), values(rawDomain));
    expect(await contoso.exchange().list('Get-AcceptedDomain')).toHaveLength(200);
  });

  it('refuse a list that was cut short', async () => {
    const warning = 'There are more results available. Use ResultSize Unlimited to get them.';
    contoso.server.answer(jsonAnswer(200, { value: [rawDomain], '@adminapi.warnings': [warning] }));
    await expect(contoso.exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('give null only when Exchange says that the object is not there', async () => {
    contoso.server.answer(
      failure(404, 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException', 'gone', 'NotFound'),
      values(),
      ...Array.from({ length: 4 }, () => rawAnswer(404, '<html>no such page</html>')),
    );
    const tenant = contoso.exchange();
    expect(await tenant.get('Get-InboundConnector', 'Gateway')).toBeNull();
    expect(await tenant.get('Get-InboundConnector', 'Gateway')).toBeNull();
    await expect(tenant.get('Get-InboundConnector', 'Gateway')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('do not take an organisation that is not found for an object that was removed', async () => {
    const error = { code: 'NotFound', message: 'The organization of the address was not found.' };
    contoso.server.answer(jsonAnswer(404, { error }));
    const asked = contoso.exchange().get('Get-InboundConnector', 'Gateway');
    await expect(asked).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('organization') });
  });

  it('know from the innermost exception too that the object is not there', async () => {
    const type = 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException';
    const innererror = { internalexception: { type, message: 'gone' } };
    contoso.server.answer(jsonAnswer(404, { error: { code: 'NotFound', message: 'x', innererror } }));
    expect(await contoso.exchange().get('Get-InboundConnector', 'Gateway')).toBeNull();
  });

  it('refuse an answer with another object or with several', async () => {
    contoso.server.answer(
      values({ ...rawDomain, DomainName: 'other.example', Identity: 'other.example' }),
      values(rawDomain, rawDomain),
    );
    const tenant = contoso.exchange();
    await expect(tenant.get('Get-AcceptedDomain', 'contoso.com')).rejects.toBeInstanceOf(RejectedError);
    await expect(tenant.get('Get-AcceptedDomain', 'contoso.com')).rejects.toBeInstanceOf(RejectedError);
  });

  it.each([
    ['no JSON', rawAnswer(200, '<html>')],
    ['a list that is none', jsonAnswer(200, { value: 'all' })],
    ['entries that are none', jsonAnswer(200, { value: [null] })],
    ['an error report that came as success', jsonAnswer(200, { error: { code: 'NotFound', message: 'Words.' } })],
    ['an error beside a list', jsonAnswer(200, { value: [], error: 'words' })],
    ['no list', jsonAnswer(200, {})],
    ['no list but null', jsonAnswer(200, { value: null })],
    ['nothing', rawAnswer(204, '')],
    ['a wrong field', values({ ...rawDomain, DomainType: 'Imaginary' })],
    ['a missing field', values({ Identity: 'contoso.com' })],
  ])('refuse an answer with %s', async (_, play) => {
    contoso.server.answer(play);
    await expect(contoso.exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('are tried again after the pause the service asks for', async () => {
    const clock = new FakeClock();
    const before = clock.now().getTime();
    contoso.server.answer(
      rawAnswer(429, '', { 'retry-after': '30' }),
      jsonAnswer(503, { error: { code: 'ServiceUnavailable', message: 'later' } }),
      cutConnection,
      values(rawDomain),
    );
    expect(await contoso.exchange({ clock }).list('Get-AcceptedDomain')).toHaveLength(1);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(30_000);
    expect(clock.now().getTime() - before).toBeLessThan(40_000);
  });

  it('give up after four attempts, and at once when the pause is too long', async () => {
    contoso.server.answer(
      ...Array.from({ length: 4 }, () => rawAnswer(502, '')),
      rawAnswer(429, '', { 'retry-after': '3600' }),
    );
    const tenant = contoso.exchange();
    await expect(tenant.list('Get-AcceptedDomain')).rejects.toBeInstanceOf(UnavailableError);
    const throttled = await errorOf(tenant.list('Get-AcceptedDomain'));
    expect(throttled).toBeInstanceOf(ThrottledError);
    expect(throttled).toMatchObject({ retryAfterSeconds: 3600 });
  });

  it('stop with the reason of the signal', async () => {
    const abort = new AbortController();
    contoso.server.answer((response) => {
      response.on('close', () => undefined);
      abort.abort(new Error('shutting down'));
    });
    await expect(contoso.exchange().list('Get-AcceptedDomain', abort.signal)).rejects.toThrow('shutting down');
  });

  it('of several lists share one batch whose answers may come in any order', async () => {
    const organization = { Identity: 'contoso.onmicrosoft.com', IsDehydrated: null };
    contoso.server.answer(
      jsonAnswer(200, {
        responses: [
          { id: '1', status: 200, body: { value: [organization] } },
          { id: '0', status: 200, body: { value: [rawDomain] } },
        ],
      }),
    );
    const lists = await contoso.exchange().lists(['Get-AcceptedDomain', 'Get-OrganizationConfig']);
    expect(lists['Get-AcceptedDomain']).toHaveLength(1);
    expect(lists['Get-OrganizationConfig']).toEqual([
      { Identity: 'contoso.onmicrosoft.com', IsDehydrated: false, RejectDirectSend: false },
    ]);
    const [{ path, body } = expect.fail('nothing was sent')] = contoso.server.received;
    expect(path).toBe(`/adminapi/beta/${CONTOSO}/$batch`);
    const { requests } = JSON.parse(body) as {
      requests: { url: string; body: { CmdletInput: { Parameters: object } } }[];
    };
    expect(requests.map(({ url }) => url)).toEqual(
      Array(2).fill(`${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand`),
    );
    expect(requests.map((request) => request.body.CmdletInput.Parameters)).toEqual([{ ResultSize: 'Unlimited' }, {}]);
  });

  it('that fail or are missing in a batch are asked for alone', async () => {
    contoso.server.answer(
      jsonAnswer(200, { responses: [{ id: '0', status: 429, body: { error: { code: 'TooManyRequests' } } }, null] }),
      values(rawDomain),
      values(),
    );
    const lists = await contoso.exchange().lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists['Get-AcceptedDomain'].length + lists['Get-TransportRule'].length).toBe(1);
    expect(contoso.server.received).toHaveLength(3);
  });
});
