import { describe, expect, it } from 'vitest';
import type { Answer } from '../running-rehearsal.ts';
import { COMPLIANCE_SCOPE, PARTNER, post, textOf, typeOf, wire } from './wire.ts';

const cloud = wire();
const UNKNOWN = '99999999-0000-4000-8000-000000000009';

function body(cmdlet: string, parameters: object = {}): string {
  return JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } });
}

function pathOf(tenant: string, end = 'InvokeCommand'): string {
  return `/adminapi/beta/${tenant}/${end}`;
}

async function send(path: string, text: string, headers: Record<string, string> = {}): Promise<Answer> {
  const authorization = `Bearer ${await cloud.rehearsal.token('contoso')}`;
  const usual = { authorization, 'content-type': 'application/json; charset=utf-8' };
  return cloud.rehearsal.send('POST', path, { headers: { ...usual, ...headers }, body: text });
}

function batchOf(count: number): string {
  const requests = Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    method: 'POST',
    url: cloud.rehearsal.cloud + pathOf(cloud.id('contoso')),
    headers: {},
    body: JSON.parse(body('Get-AcceptedDomain')),
  }));
  return JSON.stringify({ requests });
}

describe('fidelity point 1: addresses', () => {
  it('answers beta, batches up to ten, and 405 below v1.0', async () => {
    const contoso = cloud.id('contoso');
    const single = await send(pathOf(contoso), body('Get-AcceptedDomain'));
    const ten = await send(pathOf(contoso, '$batch'), batchOf(10));
    const eleven = await send(pathOf(contoso, '$batch'), batchOf(11));
    const old = await send(pathOf(contoso).replace('beta', 'v1.0'), body('Get-AcceptedDomain'));
    expect([single, ten, eleven, old].map(({ status }) => status)).toEqual([200, 200, 400, 405]);
    const ids = ten.body.responses.map((one: { id: string }) => one.id);
    expect(ids).toHaveLength(10);
    expect(ids[0]).not.toBe('r0');
  });

  it('answers 401 for an unknown tenant, or 404 where the switch says so', async () => {
    const first = await send(pathOf(UNKNOWN), body('Get-AcceptedDomain'));
    await cloud.directory({ switches: { unknownTenantNotFound: true } });
    const second = await send(pathOf(UNKNOWN), body('Get-AcceptedDomain'));
    const batched = await send(pathOf(UNKNOWN, '$batch'), batchOf(1));
    expect([first.status, first.raw.length, second.status, batched.status]).toEqual([401, 0, 404, 404]);
  });

  it('sends a tenant with a region to the regional host, with the query', async () => {
    await cloud.directory({ switches: { regionalRedirect: true } });
    const contoso = cloud.id('contoso');
    const { status, headers } = await send(`${pathOf(contoso)}?$select=Name`, body('Get-AcceptedDomain'));
    const { https } = cloud.rehearsal.world.ports;
    expect([status, headers['location']]).toEqual([302, `https://localhost:${https}${pathOf(contoso)}?$select=Name`]);
    const there = await post(
      String(headers['location']),
      await cloud.rehearsal.token('contoso'),
      body('Get-AcceptedDomain'),
    );
    expect(there.status).toBe(200);
  });

  it('runs alert cmdlets on a host of their own that redirects first, with its own token and role', async () => {
    const first = await cloud.comply('Get-ProtectionAlert', {}, 'contoso', '127.0.0.1');
    const asAdministrator = await cloud.comply('Get-ProtectionAlert');
    await cloud.directory({ directoryRoles: ['Compliance Administrator'] });
    const asCompliance = await cloud.comply('Get-ProtectionAlert');
    const there = `https://localhost:${cloud.rehearsal.world.ports.compliance}${pathOf(cloud.id('contoso'))}`;
    const wrongToken = await post(there, await cloud.rehearsal.token('contoso'), body('Get-ProtectionAlert'));
    expect([first.status, first.headers['location']]).toEqual([302, there]);
    expect([asAdministrator.status, asAdministrator.body.error.message]).toEqual([
      403,
      expect.stringContaining('Get-ProtectionAlert'),
    ]);
    expect([asCompliance.status, wrongToken.status, wrongToken.raw.length]).toEqual([200, 401, 0]);
  });

  it.each([
    ['Exchange Administrator', 'Get-InboundConnector', 200, 403],
    ['Global Administrator', 'Get-InboundConnector', 200, 200],
    ['Security Administrator', 'Get-TransportRule', 200, 200],
    ['Security Reader', 'Get-TransportRule', 200, 200],
    ['Security Reader', 'Get-InboundConnector', 403, 200],
    ['Helpdesk Administrator', 'Get-AcceptedDomain', 200, 403],
    ['Exchange Recipient Administrator', 'New-InboundConnector', 403, 403],
    ['Global Reader', 'Get-OrganizationConfig', 200, 200],
    ['Global Reader', 'Enable-OrganizationCustomization', 403, 200],
  ])('lets the %s run %s as documented, and read alerts or not', async (role, cmdlet, exchange, compliance) => {
    await cloud.directory({ directoryRoles: [role] });
    const there = await cloud.run(cmdlet);
    const alerts = await cloud.comply('Get-ProtectionAlert');
    expect([there.status, alerts.status]).toEqual([exchange, compliance]);
  });
});

describe('fidelity point 2: tokens', () => {
  it('issues a token for each service, which no other service takes', async () => {
    const tokens = await Promise.all(
      ['https://graph.microsoft.com/.default', COMPLIANCE_SCOPE].map((scope) =>
        cloud.rehearsal.token('contoso', scope),
      ),
    );
    const answers = await Promise.all(
      tokens.map((token) =>
        send(pathOf(cloud.id('contoso')), body('Get-AcceptedDomain'), { authorization: `Bearer ${token}` }),
      ),
    );
    expect(answers.map(({ status, raw }) => [status, raw.length])).toEqual([
      [401, 0],
      [401, 0],
    ]);
  });

  it.each(['AADSTS650051', 'AADSTS650052', 'AADSTS53003', 'AADSTS7000229', 'AADSTS700027', 'AADSTS500011'])(
    'refuses a tenant’s tokens with %s to order',
    async (tokenError) => {
      await cloud.directory({ switches: { tokenError } });
      const answer = await cloud.rehearsal.send('POST', `/${cloud.id('contoso')}/oauth2/v2.0/token`, {
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: String(cloud.rehearsal.environment['WORKER_APP_ID']),
          client_secret: String(cloud.rehearsal.environment['WORKER_APP_SECRET']),
          scope: COMPLIANCE_SCOPE,
        }).toString(),
      });
      expect([400, 401]).toContain(answer.status);
      expect(answer.body.error_codes).toEqual([Number(tokenError.slice(6))]);
      expect(answer.body.error_description).toContain(`${tokenError}: `);
    },
  );
});

describe('fidelity point 3: the permission ladder', () => {
  it('goes from 401 without the app permission over 403 without the role to 200', async () => {
    await cloud.directory({ hasExchangeRole: false, hasDirectoryRole: false });
    const nothing = await cloud.run('Get-AcceptedDomain');
    await cloud.directory({ hasExchangeRole: true });
    const permission = await cloud.run('Get-AcceptedDomain');
    const unknown = await cloud.run('Get-Mailbox');
    await cloud.directory({ hasDirectoryRole: true });
    const both = await cloud.run('Get-AcceptedDomain');
    expect([nothing.status, nothing.raw.length, both.status]).toEqual([401, 0, 200]);
    for (const { status, raw, headers } of [permission, unknown, await cloud.run('Get-Mailbox')]) {
      expect([status, headers['content-encoding']]).toEqual([403, 'gzip']);
      expect(raw.every((byte) => byte === 0)).toBe(true);
      expect(headers['x-ms-diagnostics']).toContain('reason=');
    }
  });

  it('refuses a cmdlet beyond the role in words where the switch says so', async () => {
    await cloud.directory({ hasDirectoryRole: false, switches: { wordyForbidden: true } });
    const refused = await cloud.run('New-InboundConnector', { Name: 'x' });
    expect([refused.status, textOf(refused)]).toEqual([
      400,
      expect.stringContaining('role definition of the current user'),
    ]);
  });

  it('lets a role, given or taken, act only after its delay', async () => {
    await cloud.directory({ hasDirectoryRole: false });
    await cloud.advance('11m');
    await cloud.directory({ switches: { roleSeconds: 600 } });
    await cloud.directory({ hasDirectoryRole: true });
    const early = await cloud.run('Get-AcceptedDomain');
    await cloud.advance('11m');
    const late = await cloud.run('Get-AcceptedDomain');
    await cloud.directory({ hasDirectoryRole: false });
    const still = await cloud.run('Get-AcceptedDomain');
    await cloud.advance('11m');
    const gone = await cloud.run('Get-AcceptedDomain');
    expect([early, late, still, gone].map(({ status }) => status)).toEqual([403, 200, 200, 403]);
  });

  it('lets consent act only after its delay', async () => {
    await cloud.directory({ switches: { consentSeconds: 60 } }, 'tailspin');
    await cloud.directory({ consent: 'granted', hasDirectoryRole: true }, 'tailspin');
    const early = await cloud.run('Get-AcceptedDomain', {}, 'tailspin');
    await cloud.advance('61s');
    const late = await cloud.run('Get-AcceptedDomain', {}, 'tailspin');
    expect([early.status, late.status]).toEqual([401, 200]);
  });
});

describe('fidelity point 4: the shape of answers', () => {
  it('carries sidecars, warnings that are empty, and an empty value for Set and Remove', async () => {
    const made = await cloud.run('New-InboundConnector', PARTNER);
    const set = await cloud.run('Set-InboundConnector', { Identity: 'gate', RequireTls: false });
    const removed = await cloud.run('Remove-InboundConnector', { Identity: 'gate', Confirm: false });
    expect(made.body['@odata.context']).toMatch(/#Collection\(Exchange\.GenericHashTable\)$/u);
    expect(made.body).toMatchObject({
      'adminapi.warnings@odata.type': '#Collection(String)',
      '@adminapi.warnings': [],
    });
    expect(made.body.value[0]).toMatchObject({
      'SenderDomains@odata.type': '#Collection(String)',
      'Guid@odata.type': '#Guid',
      'Guid@data.type': 'System.Guid',
      'WhenCreatedUTC@data.type': 'System.DateTime',
    });
    expect(made.body.value[0].WhenChangedUTC).toMatch(/\.\d{7}Z$/u);
    expect([set.body.value, removed.body.value]).toEqual([[], []]);
  });

  it('leaves value out, or null, where the tenant answers barely', async () => {
    await cloud.directory({ switches: { bareAnswers: true, rateHeaders: true } });
    await cloud.run('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const set = await cloud.run('Set-TransportRule', { Identity: 'rule', Comments: 'x' });
    const disabled = await cloud.run('Disable-TransportRule', { Identity: 'rule' });
    expect(set.body).not.toHaveProperty('value');
    expect(disabled.body.value).toBeNull();
    expect(set.headers['rate-limit-limit']).toBe('30000');
  });

  it('notes numbers, key sizes and dates by their types', async () => {
    const dkim = await cloud.run('Get-DkimSigningConfig', { Identity: 'contoso.com' });
    const filter = await cloud.run('Get-HostedContentFilterPolicy', { Identity: 'Default' });
    expect(dkim.body.value[0]).toMatchObject({
      Selector1KeySize: 2048,
      'Selector1KeySize@odata.type': '#Decimal',
      'KeyCreationTime@data.type': 'System.DateTime',
    });
    expect(filter.body.value[0]['BulkThreshold@data.type']).toBe('System.Int32');
  });
});

describe('fidelity point 5: errors, pages and a busy service', () => {
  it('words an error with code, type and inner exceptions, and as 500 in an older tenant', async () => {
    const usual = await cloud.run('Get-InboundConnector', { Nonsense: 1 });
    const missing = await cloud.run('Get-InboundConnector', { Identity: 'none' });
    await cloud.directory({ switches: { olderErrors: true } });
    const older = await cloud.run('Get-InboundConnector', { Nonsense: 1 });
    expect([usual.status, usual.body.error.code]).toEqual([400, 'BadRequest']);
    expect([missing.status, missing.body.error.code]).toEqual([404, 'NotFound']);
    expect([older.status, older.body.error.code]).toEqual([500, 'InternalServerError']);
    const [detail] = usual.body.error.details;
    expect(detail).toMatchObject({ code: 'Client', target: '' });
    expect(detail.message).toMatch(/^\|Microsoft\./u);
    expect(missing.body.error.details[0].message).toMatch(/^Ex[0-9A-F]{6}\|Microsoft\./u);
    expect(usual.body.error.innererror).toMatchObject({
      type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
      internalexception: { message: textOf(usual), type: typeOf(usual) },
    });
    const thrown = missing.body.error.innererror.internalexception;
    expect(thrown.message).toBe(`Exception of type '${thrown.type}' was thrown.`);
    expect(usual.body['@adminapi.warnings']).toEqual([]);
  });

  it('is busy with and without Retry-After, fails in bursts, and counts the calls of a tenant', async () => {
    await cloud.arm({ kind: 'throttle-with-retry-after', seconds: 7 });
    await cloud.arm({ kind: 'throttle' });
    await cloud.arm({ kind: 'server-error-before', status: 502, times: 2 });
    await cloud.arm({ kind: 'tenant-concurrency' });
    await cloud.arm({ kind: 'authorization-context' });
    const answers: Answer[] = [];
    for (let call = 0; call < 7; call += 1) answers.push(await cloud.run('Get-AcceptedDomain'));
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 502, 502, 400, 400, 200]);
    expect(answers.slice(0, 2).map(({ headers }) => headers['retry-after'])).toEqual(['7', undefined]);
    expect(answers[4]?.body.error.details[0].message).toContain('concurrent requests');
    expect(answers[5]?.body.error.details[0].message).toContain('authorization context');
  });

  it('continues a page with anchor and cookie, and not after the link’s life', async () => {
    const anchor = { 'x-anchormailbox': 'APP:anchor', prefer: 'odata.maxpagesize=2' };
    const first = await cloud.run('Get-AcceptedDomain', {}, 'contoso', anchor);
    const link = new URL(first.body['@odata.nextLink']);
    const cookie = String([first.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const follow = (headers: Record<string, string>): Promise<Answer> =>
      send(`${link.pathname}${link.search}`, body('Get-AcceptedDomain'), headers);
    const bare = await follow({});
    const next = await follow({ ...anchor, cookie });
    await cloud.advance('10m');
    const late = await follow({ ...anchor, cookie });
    expect([first.body.value.length, first.headers['preference-applied']]).toEqual([2, 'odata.maxpagesize=2']);
    expect([bare.status, next.status, late.status]).toEqual([400, 200, 400]);
    expect(bare.body.error.details[0].message).toContain('00:30:00');
  });
});

describe('fidelity point 6: the declared charset', () => {
  it('fails on accented text without one, or garbles it where the switch says so', async () => {
    const text = body('New-InboundConnector', { ...PARTNER, Comment: 'für' });
    const undeclared = { 'content-type': 'application/json' };
    const path = pathOf(cloud.id('contoso'));
    const refused = await send(path, text, undeclared);
    await cloud.directory({ switches: { garblesUndeclaredCharset: true } });
    const garbled = await send(path, text, undeclared);
    expect([refused.status, garbled.status]).toEqual([500, 200]);
    expect(garbled.body.value[0].Comment).toBe('fÃ¼r');
  });
});
