import { describe, expect, it } from 'vitest';
import { ThrottledError, UnavailableError, UnknownOutcomeError } from '../../src/core/errors.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { errorOf, values } from '../support/scripted-exchange.ts';
import { cutConnection, jsonAnswer, type Play, rawAnswer, startScripted } from '../support/scripted-https.ts';

const contoso = scriptedContoso();
const asked = { Identity: 'To the scanner', Recipients: ['postmaster@contoso.com'] };
const next = 'https://outlook.office365.com/adminapi/beta/x/InvokeCommand?%24skiptoken=2';
const validate = (exchange = contoso.exchange()) => exchange.ask('Validate-OutboundConnector', asked);

describe('adapters/exchange-online: validation of a connector, which sends mail', () => {
  it('gives its tasks', async () => {
    contoso.server.answer(values({ TaskName: 'Connect', IsTaskSuccessful: true }));
    expect(await validate()).toEqual([{ TaskName: 'Connect', IsTaskSuccessful: true, Detail: '' }]);
  });

  it.each([
    ['503', rawAnswer(503, '')],
    ['408', rawAnswer(408, '')],
    ['a connection that is cut', cutConnection],
    ['an answer that is no JSON', rawAnswer(200, 'fine')],
    ['an answer without a list', jsonAnswer(200, {})],
    ['an answer with further pages', jsonAnswer(200, { value: [], '@odata.nextLink': next })],
  ] satisfies [string, Play][])('is sent once on %s, and nobody knows what became of it', async (_, play) => {
    contoso.server.answer(play);
    const error = await errorOf(validate());
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error.message).toContain('test mails');
    expect(contoso.server.received).toHaveLength(1);
  });

  it('is not sent again either when Exchange asks to slow down', async () => {
    contoso.server.answer(rawAnswer(429, '', { 'retry-after': '5' }));
    expect(await errorOf(validate())).toBeInstanceOf(ThrottledError);
    expect(contoso.server.received).toHaveLength(1);
  });

  it('that cannot leave is known to have sent nothing', async () => {
    const closed = await startScripted();
    await closed.close();
    expect(await errorOf(validate(contoso.exchange({ baseUrl: closed.url })))).toBeInstanceOf(UnavailableError);
  });
});
