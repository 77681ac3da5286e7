import { describe, expect, it } from 'vitest';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { RefusedError, TenantAccessError } from '../../src/core/errors.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { CONTOSO, errorOf, exchangeOptions, FABRIKAM, newConnector, values } from '../support/scripted-exchange.ts';
import { jsonAnswer, rawAnswer, startScripted, unsignedToken } from '../support/scripted-https.ts';

const contoso = scriptedContoso();

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
    contoso.server.answer(rawAnswer(401, ''), values());
    await contoso.exchange({ credentials }).invoke(newConnector);
    expect(given).toEqual(['old', 'new']);
  });

  it.each([
    ['app-role', []],
    ['credential', ['Exchange.ManageAsApp']],
  ])('tells by the roles of the token that 401 means %s', async (reason, roles) => {
    const credentials = { token: async () => unsignedToken(CONTOSO, roles), forget: () => undefined };
    contoso.server.answer(rawAnswer(401, ''), rawAnswer(401, ''));
    const error = await errorOf(contoso.exchange({ credentials }).list('Get-AcceptedDomain'));
    expect(error).toBeInstanceOf(TenantAccessError);
    expect(error).toMatchObject({ reason });
  });

  it('reads the reason of 403 from a header, whatever its body is', async () => {
    const broken = { 'content-encoding': 'gzip', 'x-ms-diagnostics': '2000010;reason="no role"' };
    contoso.server.answer(rawAnswer(403, Buffer.alloc(40), broken));
    const error = await errorOf(contoso.exchange().list('Get-AcceptedDomain'));
    expect(error).toMatchObject({ code: 'tenant-access', reason: 'directory-role' });
    expect(error.message).toContain('no role');
  });

  it('takes over a regional host of the same name only', async () => {
    const port = new URL(contoso.server.url).port;
    contoso.server.answer(
      rawAnswer(307, '', { location: `${contoso.server.url}/adminapi/beta/${FABRIKAM}/x` }),
      values(),
    );
    expect(await contoso.exchange().list('Get-AcceptedDomain')).toEqual([]);
    expect(contoso.server.received.map(({ path }) => path)).toEqual(
      Array(2).fill(`/adminapi/beta/${CONTOSO}/InvokeCommand`),
    );
    contoso.server.answer(rawAnswer(307, '', { location: `http://127.0.0.1:${port}/` }));
    await expect(contoso.exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(RefusedError);
  });

  it('asks for the way again when the host of a region no longer answers', async () => {
    const region = await startScripted();
    contoso.server.answer(rawAnswer(302, '', { location: `${region.url}/` }));
    region.answer(values());
    const tenant = contoso.exchange();
    await tenant.list('Get-AcceptedDomain');
    await region.close();
    contoso.server.answer(values());
    expect(await tenant.list('Get-AcceptedDomain')).toEqual([]);
    expect(contoso.server.received).toHaveLength(2);
  });

  it('does not go round in circles', async () => {
    contoso.server.answer(...Array.from({ length: 4 }, () => rawAnswer(302, '', { location: contoso.server.url })));
    await expect(contoso.exchange().invoke(newConnector)).rejects.toBeInstanceOf(RefusedError);
  });

  it('quotes what Exchange says first in its innermost words, on one line', async () => {
    const error = {
      code: 'BadRequest',
      message: 'Invalid Operation',
      details: [{ code: 'Client', target: '', message: '|System.ArgumentException|outer words' }],
      innererror: { message: 'generic', internalexception: { message: 'Ex12AB34|A.B|inner\r\nwords', type: 'A.B' } },
    };
    contoso.server.answer(jsonAnswer(400, { error }), jsonAnswer(400, { error: { ...error, innererror: null } }));
    const tenant = contoso.exchange();
    expect((await errorOf(tenant.invoke(newConnector))).message).toBe('Exchange Online refuses: inner words');
    expect((await errorOf(tenant.invoke(newConnector))).message).toBe('Exchange Online refuses: outer words');
  });

  it('refuses a tenant id that is none', () => {
    const all = () => createExchangeOnline(exchangeOptions(contoso.server.url)).tenant('../other');
    expect(all).toThrow(RefusedError);
  });
});
