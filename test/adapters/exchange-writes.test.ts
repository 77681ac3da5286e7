import { describe, expect, it } from 'vitest';
import { RejectedError, ThrottledError, UnavailableError, UnknownOutcomeError } from '../../src/core/errors.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { errorOf, failure, newConnector } from '../support/scripted-exchange.ts';
import { cutConnection, jsonAnswer, type Play, rawAnswer, silence, startScripted } from '../support/scripted-https.ts';

const contoso = scriptedContoso();

describe('adapters/exchange-online: writes', () => {
  it('give warnings back', async () => {
    contoso.server.answer(jsonAnswer(200, { '@adminapi.warnings': ['Overlaps with\u0007 another.'] }));
    expect(await contoso.exchange().invoke(newConnector)).toEqual({ warnings: ['Overlaps with another.'] });
  });

  it('give the warnings of the header back where the body has none', async () => {
    const inHeader = { 'x-warnings': 'Overlaps with another.' };
    contoso.server.answer(
      jsonAnswer(200, { '@adminapi.warnings': [] }, inHeader),
      jsonAnswer(200, { '@adminapi.warnings': ['Said here.'] }, inHeader),
    );
    expect(await contoso.exchange().invoke(newConnector)).toEqual({ warnings: ['Overlaps with another.'] });
    expect(await contoso.exchange().invoke(newConnector)).toEqual({ warnings: ['Said here.'] });
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
    ['an error that came as success', jsonAnswer(200, { error: { code: 'BadRequest' } }), UnknownOutcomeError],
    ['an error of another form that came as success', jsonAnswer(200, { error: 'words' }), UnknownOutcomeError],
    ['a page of some proxy', rawAnswer(400, '<html>'), UnknownOutcomeError],
    ['a refusal of values', failure(400, 'Microsoft.Exchange.Data.DataValidationException', 'bad'), RejectedError],
    [
      'a refusal in the older form',
      failure(500, 'System.ArgumentException', 'bad', 'InternalServerError'),
      RejectedError,
    ],
  ] satisfies [string, Play, unknown][])('are sent once on %s', async (_, play, kind) => {
    contoso.server.answer(play);
    expect(await errorOf(contoso.exchange({ timeout: 2000 }).invoke(newConnector))).toBeInstanceOf(kind);
    expect(contoso.server.received).toHaveLength(1);
  });

  it('that cannot leave are known to have done nothing', async () => {
    const closed = await startScripted();
    await closed.close();
    const error = await errorOf(contoso.exchange({ baseUrl: closed.url }).invoke(newConnector));
    expect(error).toBeInstanceOf(UnavailableError);
    const untrusted = contoso.exchange({ baseUrl: contoso.server.url.replace('127.0.0.1', 'localhost') });
    expect(await errorOf(untrusted.invoke(newConnector))).toBeInstanceOf(UnavailableError);
  });

  it('that are called off while on their way have an unknown outcome', async () => {
    const abort = new AbortController();
    contoso.server.answer(() => abort.abort());
    expect(await errorOf(contoso.exchange().invoke(newConnector, abort.signal))).toBeInstanceOf(UnknownOutcomeError);
    await expect(contoso.exchange().invoke(newConnector, abort.signal)).rejects.toBe(abort.signal.reason);
    expect(contoso.server.received).toHaveLength(1);
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
    contoso.server.answer(slow, slow, slow);
    const tenant = contoso.exchange();
    await Promise.all([1, 2, 3].map(() => tenant.invoke(newConnector)));
    expect(most).toBe(1);
  });
});
