import { describe, expect, it } from 'vitest';
import { GRAPH_SCOPE, wire } from './fidelity/wire.ts';

const cloud = wire();
const WORKER = '0b0b0b0b-0000-4000-8000-0000000000e0';
const EXCHANGE = '00000002-0000-0ff1-ce00-000000000000';
const MANAGE = 'dc50a0fb-09a3-484d-be87-e023b12c6440';
const ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const TRACES = 'admin/exchange/tracing/messageTraces';
const ALL = [
  'Application.Read.All',
  'Application.ReadWrite.OwnedBy',
  'Domain.ReadWrite.All',
  'ExchangeMessageTrace.Read.All',
  'RoleManagement.ReadWrite.Directory',
];

function filtered(collection: string, filter: string): string {
  return `${collection}?${new URLSearchParams({ $filter: filter }).toString()}`;
}

async function principal(appId: string, tenant = 'contoso') {
  const { body } = await cloud.graph('GET', filtered('servicePrincipals', `appId eq '${appId}'`), undefined, tenant);
  return body.value[0];
}

describe('rehearsal/graph: consent and roles', () => {
  it('shows our principal, Exchange’s with its roles, and other ids in every tenant', async () => {
    const [ours, exchange, elsewhere] = [
      await principal(WORKER),
      await principal(EXCHANGE),
      await principal(EXCHANGE, 'fabrikam'),
    ];
    expect(ours).toMatchObject({ appId: WORKER, accountEnabled: true });
    expect(exchange.appRoles).toEqual([expect.objectContaining({ id: MANAGE, value: 'Exchange.ManageAsApp' })]);
    expect(elsewhere.id).not.toBe(exchange.id);
    const byApp = await cloud.graph('GET', `servicePrincipals(appId='${WORKER}')?$select=id,appId`);
    expect(byApp.body).toEqual({ id: ours.id, appId: WORKER });
  });

  it('lists the permission at both ends, and not when it is taken away, after the replicas know', async () => {
    const [ours, exchange] = [await principal(WORKER), await principal(EXCHANGE)];
    const read = async (path: string) => (await cloud.graph('GET', path)).body.value;
    const mine = await read(`servicePrincipals/${ours.id}/appRoleAssignments`);
    const theirs = await read(`servicePrincipals/${exchange.id}/appRoleAssignedTo`);
    expect(mine).toContainEqual(
      expect.objectContaining({ resourceId: exchange.id, appRoleId: MANAGE, principalId: ours.id }),
    );
    expect(theirs).toHaveLength(1);
    await cloud.advance('10m');
    await cloud.directory({ switches: { graphSeconds: 300 } });
    await cloud.directory({ hasExchangeRole: false });
    const early = await read(`servicePrincipals/${exchange.id}/appRoleAssignedTo`);
    await cloud.advance('6m');
    expect([early.length, (await read(`servicePrincipals/${exchange.id}/appRoleAssignedTo`)).length]).toEqual([1, 0]);
  });

  it('reads and gives directory roles with the permission for it only', async () => {
    const { id } = await principal(WORKER);
    const path = filtered('roleManagement/directory/roleAssignments', `principalId eq '${id}'`);
    const refused = await cloud.graph('GET', path);
    await cloud.directory({ graphPermissions: ALL, directoryRoles: [] });
    const none = await cloud.graph('GET', path);
    const give = { principalId: id, roleDefinitionId: ADMINISTRATOR, directoryScopeId: '/' };
    const given = await cloud.graph('POST', 'roleManagement/directory/roleAssignments', give);
    const again = await cloud.graph('POST', 'roleManagement/directory/roleAssignments', give);
    const after = await cloud.graph('GET', path);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'Authorization_RequestDenied']);
    expect([none.body.value, given.status, again.status]).toEqual([[], 201, 400]);
    expect(after.body.value).toEqual([
      expect.objectContaining({ roleDefinitionId: ADMINISTRATOR, directoryScopeId: '/' }),
    ]);
    expect((await cloud.run('Get-AcceptedDomain')).status).toBe(200);
  });

  it('removes our own principal, with which everything ends but what stands in Exchange', async () => {
    const [ours, exchange] = [await principal(WORKER, 'fabrikam'), await principal(EXCHANGE, 'fabrikam')];
    const other = await cloud.graph('DELETE', `servicePrincipals/${exchange.id}`, undefined, 'fabrikam');
    const own = await cloud.graph('DELETE', `servicePrincipals/${ours.id}`, undefined, 'fabrikam');
    const after = await cloud.rehearsal.control('GET', '/control/tenants/fabrikam');
    expect([other.status, own.status, own.raw.length]).toEqual([403, 204, 0]);
    expect(after.body).toMatchObject({ consent: 'revoked', directoryRoles: [], graphPermissions: [] });
    expect(after.body.inboundConnectors).toHaveLength(3);
    expect(await cloud.rehearsal.token('fabrikam')).toBe('undefined');
  });
});

describe('rehearsal/graph: domains', () => {
  it('lists them with their states, and the records of each, the MX among them', async () => {
    const { body } = await cloud.graph('GET', 'domains');
    const records = await cloud.graph('GET', 'domains/contoso.com/serviceConfigurationRecords');
    const fresh = await cloud.graph(
      'GET',
      'domains/woodgrove.example/serviceConfigurationRecords',
      undefined,
      'woodgrove',
    );
    expect(
      body.value.map(({ id, isDefault, isInitial, isRoot }: Record<string, unknown>) => [
        id,
        isDefault,
        isInitial,
        isRoot,
      ]),
    ).toEqual([
      ['contoso.com', true, false, true],
      ['sales.contoso.com', false, false, false],
      ['contoso.onmicrosoft.com', false, true, true],
    ]);
    expect(body.value[0].supportedServices).toContain('Email');
    const kinds = records.body.value.map((record: Record<string, unknown>) => record['@odata.type']);
    expect(kinds).toEqual(['Mx', 'Txt', 'CName', 'Srv'].map((kind) => `#microsoft.graph.domainDns${kind}Record`));
    expect(records.body.value[0]).toMatchObject({
      label: 'contoso.com',
      mailExchange: 'contoso-com.mail.protection.outlook.com',
      recordType: 'Mx',
      supportedService: 'Email',
    });
    expect(fresh.body.value[0].mailExchange).toMatch(/^woodgrove-example\..*\.mx\.microsoft$/u);
  });

  it('adds a domain, proves it by a record in DNS, and Exchange accepts mail for it', async () => {
    const name = 'c0.eu.scanner.example';
    const refused = await cloud.graph('POST', 'domains', { id: name });
    await cloud.directory({ graphPermissions: ALL });
    const added = await cloud.graph('POST', 'domains', { id: name });
    const twice = await cloud.graph('POST', 'domains', { id: name });
    const early = await cloud.graph('POST', `domains/${name}/verify`, {});
    const { body } = await cloud.graph('GET', `domains/${name}/verificationDnsRecords`);
    const text = body.value[0].text;
    cloud.rehearsal.world.dns.set(name, 'TXT', [{ data: text }], true);
    const verified = await cloud.graph('POST', `domains/${name}/verify`, {});
    const accepted = await cloud.run('Get-AcceptedDomain', { Identity: name });
    const stranger = await cloud.graph('POST', 'domains', { id: 'fabrikam.com' });
    const stolen = await cloud.graph('POST', 'domains/fabrikam.com/verify', {});
    const removed = await cloud.graph('DELETE', `domains/${name}`);
    const initial = await cloud.graph('DELETE', 'domains/contoso.onmicrosoft.com');
    expect([refused, added, twice, early].map(({ status }) => status)).toEqual([403, 201, 409, 400]);
    expect(text).toMatch(/^MS=ms\d{8}$/u);
    expect(verified.body).toMatchObject({ id: name, isVerified: true });
    expect(accepted.body.value[0]).toMatchObject({ DomainName: name, DomainType: 'Authoritative' });
    expect([stranger, stolen, removed, initial].map(({ status }) => status)).toEqual([201, 400, 204, 400]);
    expect((await cloud.run('Get-AcceptedDomain')).body.value).toHaveLength(3);
  });

  it('verifies what is below a domain of its own at once', async () => {
    await cloud.directory({ graphPermissions: ALL });
    const { body } = await cloud.graph('POST', 'domains', { id: 'mail.contoso.com' });
    expect(body).toMatchObject({ id: 'mail.contoso.com', isVerified: true });
  });
});

describe('rehearsal/graph: message trace', () => {
  function leaveTrace(id: string, to: string, daysAgo = 0): void {
    const { world } = cloud.rehearsal;
    const received = new Date(world.clock.now() - daysAgo * 86_400_000).toISOString();
    world.trace.add({
      tenantId: cloud.id('contoso'),
      MessageId: `<${id}@x.example>`,
      MessageTraceId: id,
      Received: received,
      SenderAddress: 'a@x.example',
      RecipientAddress: to,
      Subject: 'hello',
      Status: 'Delivered',
      FromIP: '65.99.255.10',
      ToIP: null,
      Size: 1234,
      details: [{ Date: received, Event: 'RECEIVE', Action: '', Detail: 'Message received.', Data: '' }],
    });
  }

  it('finds messages by one value for each property, page by page, with details', async () => {
    for (const name of ['info', 'sales', 'kim']) leaveTrace(`t-${name}`, `${name}@contoso.com`);
    const since = new Date(cloud.rehearsal.world.clock.now() - 86_400_000).toISOString();
    const all = await cloud.graph('GET', filtered(TRACES, `receivedDateTime ge ${since}`));
    const either = filtered(TRACES, "recipientAddress eq 'info@contoso.com' or recipientAddress eq 'kim@contoso.com'");
    const one = await cloud.graph('GET', either);
    const first = await cloud.graph('GET', `${TRACES}?$top=2`);
    const link = String(first.body['@odata.nextLink']).split('/v1.0/')[1] ?? '';
    const rest = await cloud.graph('GET', link);
    const details = await cloud.graph(
      'GET',
      `${TRACES}/t-kim/getDetailsByRecipient(recipientAddress='kim@contoso.com')`,
    );
    expect([all.body.value.length, first.body.value.length, rest.body.value.length]).toEqual([3, 2, 1]);
    expect(one.body.value).toEqual([
      expect.objectContaining({ id: 't-info', status: 'delivered', fromIP: '65.99.255.10', size: 1234 }),
    ]);
    expect(details.body.value[0]).toMatchObject({ event: 'RECEIVE' });
  });

  it('gives no permission that was granted after the token, which the next token brings', async () => {
    const permissions = ['Application.Read.All', 'ExchangeMessageTrace.Read.All'];
    await cloud.directory({ graphPermissions: ['Application.Read.All'] });
    const authorization = `Bearer ${await cloud.rehearsal.token('contoso', GRAPH_SCOPE)}`;
    await cloud.directory({ graphPermissions: permissions });
    const early = await cloud.rehearsal.send('GET', `/v1.0/${TRACES}`, { headers: { authorization } });
    const late = await cloud.graph('GET', TRACES);
    expect([early.status, late.status]).toEqual([403, 200]);
  });

  it('needs the permission, Microsoft’s principal and a window of ten days', async () => {
    const start = new Date(cloud.rehearsal.world.clock.now() - 11 * 86_400_000).toISOString();
    const wide = await cloud.graph('GET', filtered(TRACES, `receivedDateTime ge ${start}`));
    await cloud.directory({ switches: { tracePrincipal: false } });
    const without = await cloud.graph('GET', TRACES);
    await cloud.directory({ switches: { tracePrincipal: true }, graphPermissions: ['Domain.Read.All'] });
    const refused = await cloud.graph('GET', TRACES);
    expect([wide.status, without.status, refused.status]).toEqual([400, 403, 403]);
  });

  it('is the same that Get-MessageTraceV2 returns, a hundred times in five minutes', async () => {
    leaveTrace('t-info', 'info@contoso.com');
    leaveTrace('t-old', 'old@contoso.com', 12);
    const { body } = await cloud.run('Get-MessageTraceV2', { RecipientAddress: 'info@contoso.com' });
    const detail = { MessageTraceId: 't-info', RecipientAddress: 'info@contoso.com', Event: 'Receive' };
    const events = await cloud.run('Get-MessageTraceDetailV2', detail);
    const wide = await cloud.run('Get-MessageTraceV2', {
      StartDate: new Date(cloud.rehearsal.world.clock.now() - 11 * 86_400_000).toISOString(),
    });
    const retired = await cloud.run('Get-MessageTrace');
    const large = await cloud.run('Get-MessageTraceV2', { ResultSize: 5001 });
    expect(body.value).toEqual([
      expect.objectContaining({
        MessageTraceId: 't-info',
        Status: 'Delivered',
        'Received@data.type': 'System.DateTime',
      }),
    ]);
    expect(events.body.value).toEqual([expect.objectContaining({ Event: 'RECEIVE' })]);
    expect([wide.status, retired.status, large.status]).toEqual([400, 400, 400]);
    const token = await cloud.rehearsal.token('contoso');
    const headers = { authorization: `Bearer ${token}` };
    let last = 0;
    for (let query = 0; query < 100; query += 1) {
      last = (await cloud.run('Get-MessageTraceV2', {}, 'contoso', headers)).status;
    }
    expect(last).toBe(429);
  });
});

describe('rehearsal/graph: who may call, and faults', () => {
  it('takes Graph’s tokens only, and knows its own addresses only', async () => {
    const authorization = `Bearer ${await cloud.rehearsal.token('contoso')}`;
    const wrong = await cloud.rehearsal.send('GET', '/v1.0/domains', { headers: { authorization } });
    const unknown = await cloud.graph('GET', 'users');
    const filter = await cloud.graph('GET', filtered('servicePrincipals', "startswith(displayName,'x')"));
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect([unknown.status, filter.status]).toEqual([404, 400]);
  });

  it.each([
    ['throttle', 429],
    ['throttle-with-retry-after', 429],
    ['server-error-before', 503],
    ['server-error-after', 503],
    ['lost-role', 403],
    ['consent-revoked', 401],
  ])('plays %s', async (kind, status) => {
    await cloud.arm({ where: 'graph', kind, match: { path: 'domains' } });
    const [first, second] = [await cloud.graph('GET', 'domains'), await cloud.graph('GET', 'domains')];
    expect([first.status, second.status]).toEqual([status, 200]);
  });
});
