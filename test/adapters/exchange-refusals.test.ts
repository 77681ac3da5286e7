import { describe, expect, it } from 'vitest';
import { RejectedError } from '../../src/core/errors.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { errorOf, failure, newConnector } from '../support/scripted-exchange.ts';
import { jsonAnswer } from '../support/scripted-https.ts';

const contoso = scriptedContoso();
const tasks = 'Microsoft.Exchange.Management.Tasks';

describe('adapters/exchange-online: a refusal that no other value would avoid says who can lift it', () => {
  it.each([
    ['prohibited connectors, in any language', `${tasks}.OrganizationInboundConnectorProhibitedException`, 'Verboten.'],
    ['prohibited connectors, by the text', 'System.Exception', 'For this service offering no inbound connectors.'],
    ['a developer tenant', 'System.Exception', 'Inbound connectors are not available for developer subscriptions.'],
    ['a trial tenant', 'System.Exception', 'A trial organization cannot create an inbound connector.'],
  ])('%s: Microsoft support, and what may be left behind', async (_name, type, text) => {
    contoso.server.answer(failure(400, type, text));
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error).toBeInstanceOf(RejectedError);
    expect(error.message).toContain(text);
    expect(error.next).toMatch(/Microsoft support.*left behind, switched off.*ask again/u);
    expect(error.next).not.toContain('Correct the values');
  });

  it('prohibited connectors are also known by the innermost exception alone', async () => {
    const internalexception = {
      type: `${tasks}.OrganizationInboundConnectorProhibitedException`,
      message: 'Nicht erlaubt.',
    };
    contoso.server.answer(
      jsonAnswer(400, { error: { code: 'BadRequest', message: 'x', innererror: { internalexception } } }),
    );
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error.next).toContain('Microsoft support');
  });

  it('an organisation that was never customised: the cmdlet an administrator runs', async () => {
    const type = 'Microsoft.Exchange.Configuration.Common.InvalidOperationInDehydratedContextException';
    contoso.server.answer(failure(400, type, 'Not now.'));
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error.next).toContain('Enable-OrganizationCustomization');
  });

  it('a name that is taken: rename or remove', async () => {
    contoso.server.answer(failure(400, `${tasks}.ManagementObjectAlreadyExistsException`, 'There already.'));
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error.next).toContain('renames or removes');
  });

  it('anything else: other values', async () => {
    contoso.server.answer(failure(400, 'Microsoft.Exchange.Data.DataValidationException', 'No.'));
    const error = await errorOf(contoso.exchange().invoke(newConnector));
    expect(error.next).toContain('Correct the values');
  });
});
