import { describe, expect, it } from 'vitest';
import { body, CONTOSO, contosoWire, FABRIKAM, PARTNER, PATH, typeOf } from './contoso-wire.ts';

const wire = contosoWire();

describe('rehearsal/exchange: who may call', () => {
  it('answers 401 with an empty body to no token, a forged one and one for another service', async () => {
    const forGraph = await wire.rehearsal.token('contoso', 'https://graph.microsoft.com/.default');
    const answers = await Promise.all([wire.send(''), wire.send('not.a.token'), wire.send(forGraph)]);
    expect(answers.map(({ status, raw }) => [status, raw.length])).toEqual([
      [401, 0],
      [401, 0],
      [401, 0],
    ]);
  });

  it('answers 401 to a token of another tenant and writes both tenants into the journal', async () => {
    const { status } = await wire.send(await wire.rehearsal.token('fabrikam'));
    const [entry] = wire.rehearsal.world.journal.list({ where: 'exchange' });
    expect(status).toBe(401);
    expect(entry).toMatchObject({ tenant: CONTOSO, tenantOfToken: FABRIKAM, outcome: '401-wrong-tenant' });
  });

  it('answers 401 without the application permission', async () => {
    await wire.rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasExchangeRole: false });
    const { status, raw } = await wire.invoke('Get-AcceptedDomain');
    expect([status, raw.length]).toEqual([401, 0]);
  });

  it.each(['Get-AcceptedDomain', 'Get-Mailbox'])('answers 403 with NUL bytes called gzip: %s', async (cmdlet) => {
    const hasDirectoryRole = cmdlet === 'Get-Mailbox';
    await wire.rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasDirectoryRole });
    const { status, headers, raw } = await wire.invoke(cmdlet);
    expect(status).toBe(403);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['x-ms-diagnostics']).toContain('reason=');
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.every((byte) => byte === 0)).toBe(true);
  });

  it('answers 405 below v1.0', async () => {
    const { status } = await wire.send(
      await wire.rehearsal.token('contoso'),
      body('Get-AcceptedDomain'),
      PATH.replace('beta', 'v1.0'),
    );
    expect(status).toBe(405);
  });
});

describe('rehearsal/exchange: the shape of answers', () => {
  it('adds type notes beside the values and always carries a list of warnings', async () => {
    await wire.invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const { status, body: answer } = await wire.invoke('Get-InboundConnector', { Identity: 'GATE' });
    expect(status).toBe(200);
    expect(answer['@odata.context']).toMatch(/#Collection\(Exchange\.GenericHashTable\)$/u);
    expect(answer['adminapi.warnings@odata.type']).toBe('#Collection(String)');
    expect(answer['@adminapi.warnings']).toEqual([]);
    expect(answer.value[0]).toMatchObject({
      Name: 'gate',
      'SenderIPAddresses@odata.type': '#Collection(String)',
      'Guid@odata.type': '#Guid',
      'WhenChanged@data.type': 'System.DateTime',
      Comment: null,
    });
    expect(answer.value[0].WhenChanged).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/u);
  });

  it('returns the object from New, and an empty list from Set, Remove, Enable and Disable', async () => {
    const made = await wire.invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const changed = await wire.invoke('Set-InboundConnector', { Identity: 'gate', Enabled: false });
    const removed = await wire.invoke('Remove-InboundConnector', { Identity: 'gate', Confirm: false });
    await wire.invoke('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const disabled = await wire.invoke('Disable-TransportRule', { Identity: 'rule', Confirm: false });
    const enabled = await wire.invoke('Enable-TransportRule', { Identity: 'rule', Confirm: false });
    expect(made.body.value).toHaveLength(1);
    expect([changed, removed, disabled, enabled].map((answer) => answer.body.value)).toEqual([[], [], [], []]);
  });

  it.each(['{"CmdletInput":{"CmdletName":"Get-AcceptedDomain","Parameters":null}}', '{"CmdletInput":{}}', '[]', 'x'])(
    'refuses the body %s in words of the protocol',
    async (text) => {
      const { status, body: answer } = await wire.send(await wire.rehearsal.token('contoso'), text);
      expect([status, answer.error.code]).toEqual([400, 'BadRequest']);
    },
  );

  it('answers 404 in the error envelope for an object that is not there', async () => {
    const { status, body: answer } = await wire.invoke('Get-InboundConnector', { Identity: 'nothing' });
    expect(status).toBe(404);
    expect(answer.error.code).toBe('NotFound');
    expect(answer.error.details[0].message).toMatch(
      /^Ex6F9304\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|.*'nothing' couldn't be found/u,
    );
    expect(answer.error.innererror.type).toBe('Microsoft.Exchange.Admin.OData.Core.ODataServiceException');
    expect(answer.error.innererror.internalexception.message).toMatch(/^Exception of type '[\w.]+' was thrown\.$/u);
  });

  it('selects properties by the query', async () => {
    const token = await wire.rehearsal.token('contoso');
    const { body: answer } = await wire.send(token, body('Get-AcceptedDomain'), `${PATH}?$select=DomainName,Default`);
    expect(answer.value[0]).toEqual({ DomainName: 'contoso.com', Default: true });
  });

  it('answers older tenants’ 500 instead of 400 when the tenant is one of them', async () => {
    await wire.rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', switches: { olderErrors: true } });
    const { status, body: answer } = await wire.invoke('Get-InboundConnector', { Nonsense: 1 });
    expect([status, answer.error.code]).toEqual([500, 'InternalServerError']);
  });

  it('fails on accented text whose charset is not declared', async () => {
    const token = await wire.rehearsal.token('contoso');
    const text = body('New-InboundConnector', { Name: 'Büro', ...PARTNER });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const undeclared = await wire.rehearsal.send('POST', PATH, { headers, body: text });
    const declared = await wire.send(token, text);
    expect([undeclared.status, declared.status]).toEqual([500, 200]);
    expect(declared.body.value[0].Name).toBe('Büro');
  });
});

describe('rehearsal/exchange: binding of parameters', () => {
  it('takes names in any case, enum values by a unique beginning and a single value for a list', async () => {
    const { body: answer } = await wire.invoke('new-inboundconnector', {
      NAME: 'gate',
      connectortype: 'part',
      senderdomains: '*',
      SENDERIPADDRESSES: '65.99.255.7',
    });
    expect(answer.value[0]).toMatchObject({ ConnectorType: 'Partner', SenderIPAddresses: ['65.99.255.7'] });
  });

  it.each([
    ['an unknown name', { Nmae: 'x' }, 'AmbiguousParameterSetException', 'Nmae'],
    ['a wrong enum value', { ConnectorType: 'Friend' }, 'ParameterTransformationException', 'Partner, OnPremises'],
    ['an untagged object', { SenderIPAddresses: { Add: '1.2.3.4' } }, 'ParameterTransformationException', 'JObject'],
    ['a word for a boolean', { Enabled: 'maybe' }, 'ParameterTransformationException', 'System.Boolean'],
  ])('refuses %s and changes nothing', async (_case, wrong, type, text) => {
    const answer = await wire.invoke('New-InboundConnector', { Name: 'gate', ...PARTNER, ...wrong });
    expect(answer.status).toBe(400);
    expect(typeOf(answer)).toContain(type);
    expect(answer.body.error.details[0].message).toContain(text);
    expect((await wire.invoke('Get-InboundConnector')).body.value).toEqual([]);
  });

  it('refuses a call without a mandatory parameter', async () => {
    const answer = await wire.invoke('New-InboundConnector', { Name: 'gate', SenderIPAddresses: ['65.99.255.0/24'] });
    expect(answer.status).toBe(400);
    expect(answer.body.error.details[0].message).toContain('SenderDomains');
  });

  it('merges a tagged Add and Remove into a list, and null clears', async () => {
    await wire.invoke('New-InboundConnector', { Name: 'gate', ...PARTNER, Comment: 'mine' });
    const change = { '@odata.type': '#Exchange.GenericHashTable', add: ['203.0.113.9'], Remove: '65.99.255.0/24' };
    await wire.invoke('Set-InboundConnector', { Identity: 'gate', SenderIPAddresses: change, Comment: null });
    const { body: answer } = await wire.invoke('Get-InboundConnector', { Identity: 'gate' });
    expect(answer.value[0]).toMatchObject({ SenderIPAddresses: ['203.0.113.9'], Comment: null });
  });
});
