import { describe, expect, it } from 'vitest';
import { RefusedError, TenantMismatchError } from '../../src/core/errors.ts';
import { runInterleavedJobs } from '../support/interleaved-jobs.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { CONTOSO, FABRIKAM, newConnector, rawDomain, values } from '../support/scripted-exchange.ts';
import { jsonAnswer, rawAnswer, unsignedToken } from '../support/scripted-https.ts';

const contoso = scriptedContoso();

describe('adapters/exchange-online: what is sent', () => {
  it('names cmdlet, parameters, tenant, anchor and charset', async () => {
    contoso.server.answer(values());
    await contoso.exchange().invoke(newConnector);
    const [{ path, headers, body } = expect.fail('nothing was sent')] = contoso.server.received;
    expect(path).toBe(`/adminapi/beta/${CONTOSO}/InvokeCommand`);
    expect(JSON.parse(body)).toEqual({
      CmdletInput: { CmdletName: 'New-InboundConnector', Parameters: newConnector.parameters },
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-anchormailbox': `APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@${CONTOSO}`,
      prefer: 'odata.maxpagesize=1000',
      'x-cmdletname': 'New-InboundConnector',
      'x-responseformat': 'json',
      accept: 'application/json',
      'accept-encoding': expect.stringContaining('gzip'),
      'connection-id': expect.stringMatching(/^[0-9a-f-]{36}$/u),
      'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/u),
      authorization: `Bearer ${unsignedToken(CONTOSO)}`,
    });
  });

  it('names in a batch what each request needs alone: method, full address, headers and body', async () => {
    contoso.server.answer(jsonAnswer(200, { responses: [] }), values(), values());
    await contoso.exchange().lists(['Get-TransportRule', 'Get-RemoteDomain']);
    const [{ path, headers, body } = expect.fail('nothing was sent')] = contoso.server.received;
    expect(path).toBe(`/adminapi/beta/${CONTOSO}/$batch`);
    expect(headers.prefer).toBe('odata.maxpagesize=1000, odata.continue-on-error');
    expect(headers).not.toHaveProperty('x-cmdletname');
    const cmdlets = ['Get-TransportRule', 'Get-RemoteDomain'];
    expect(JSON.parse(body)).toEqual({
      requests: cmdlets.map((cmdlet, index) => ({
        id: String(index),
        method: 'POST',
        url: `${contoso.server.url}/adminapi/beta/${CONTOSO}/InvokeCommand`,
        headers: expect.objectContaining({
          'content-type': 'application/json; charset=utf-8',
          'x-anchormailbox': headers['x-anchormailbox'],
          'x-cmdletname': cmdlet,
        }),
        body: { CmdletInput: { CmdletName: cmdlet, Parameters: { ResultSize: 'Unlimited' } } },
      })),
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
    await expect(contoso.exchange().invoke({ cmdlet, parameters })).rejects.toBeInstanceOf(RefusedError);
    expect(contoso.server.received).toHaveLength(0);
  });

  it.each(['', '  ', '*', 'Gateway*'])('is never a read of the identity "%s"', async (identity) => {
    await expect(contoso.exchange().get('Get-InboundConnector', identity)).rejects.toBeInstanceOf(RefusedError);
    expect(contoso.server.received).toHaveLength(0);
  });

  it('is nothing when the token is for another tenant', async () => {
    const credentials = { token: async () => unsignedToken(FABRIKAM), forget: () => undefined };
    await expect(contoso.exchange({ credentials }).list('Get-AcceptedDomain')).rejects.toBeInstanceOf(
      TenantMismatchError,
    );
    expect(contoso.server.received).toHaveLength(0);
  });

  it('never goes to another tenant or host that an answer points to', async () => {
    const links = [
      `${contoso.server.url}/adminapi/beta/${FABRIKAM}/InvokeCommand?%24skiptoken=1`,
      `https://outlook.example/adminapi/beta/${CONTOSO}/InvokeCommand`,
    ];
    for (const link of links) contoso.server.answer(jsonAnswer(200, { value: [rawDomain], '@odata.nextLink': link }));
    await expect(contoso.exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(TenantMismatchError);
    await expect(contoso.exchange().list('Get-AcceptedDomain')).rejects.toBeInstanceOf(RefusedError);
    contoso.server.answer(rawAnswer(302, '', { location: 'https://outlook.example/' }));
    await expect(contoso.exchange().invoke(newConnector)).rejects.toBeInstanceOf(RefusedError);
    expect(contoso.server.received).toHaveLength(3);
  });

  it('carries the tenant of its job in address and token when 200 jobs of 20 tenants read and write at once', async () => {
    const seen = await runInterleavedJobs(200, 20);
    expect(seen).toMatchObject({ tenants: 20, writes: 400, crossed: 0, misread: 0 });
    // Each job: two writes, a read of one object and two lists.
    expect(seen.requests).toBeGreaterThanOrEqual(1000);
    expect(seen.tokens).toBeGreaterThan(20);
    expect(seen.together).toBeGreaterThan(5);
  }, 30_000);
});
