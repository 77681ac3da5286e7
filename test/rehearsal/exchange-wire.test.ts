import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const FABRIKAM = 'c0000000-0000-4000-8000-000000000002';
const PATH = `/adminapi/beta/${CONTOSO}/InvokeCommand`;
let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(() => rehearsal.stop());

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', { seed: 'default' });
});

function body(cmdlet: string, parameters: object = {}): string {
  return JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } });
}

function send(token: string, text = body('Get-AcceptedDomain'), path = PATH): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
  return rehearsal.send('POST', path, { headers, body: text });
}

async function invoke(cmdlet: string, parameters: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
  return rehearsal.invoke('contoso', cmdlet, parameters, headers);
}

function typeOf({ body: { error } }: Answer): string {
  return String(error.details[0].message).split('|')[1] ?? '';
}

const PARTNER = { ConnectorType: 'Partner', SenderDomains: '*', SenderIPAddresses: ['65.99.255.0/24'] };

describe('rehearsal/exchange: who may call', () => {
  it('answers 401 with an empty body to no token, a forged one and one for another service', async () => {
    const forGraph = await rehearsal.token('contoso', 'https://graph.microsoft.com/.default');
    const answers = await Promise.all([send(''), send('not.a.token'), send(forGraph)]);
    expect(answers.map(({ status, raw }) => [status, raw.length])).toEqual([
      [401, 0],
      [401, 0],
      [401, 0],
    ]);
  });

  it('answers 401 to a token of another tenant and writes both tenants into the journal', async () => {
    const { status } = await send(await rehearsal.token('fabrikam'));
    const [entry] = rehearsal.world.journal.list({ where: 'exchange' });
    expect(status).toBe(401);
    expect(entry).toMatchObject({ tenant: CONTOSO, tenantOfToken: FABRIKAM, outcome: '401-wrong-tenant' });
  });

  it('answers 401 without the application permission', async () => {
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasExchangeRole: false });
    const { status, raw } = await invoke('Get-AcceptedDomain');
    expect([status, raw.length]).toEqual([401, 0]);
  });

  it.each(['Get-AcceptedDomain', 'Get-Mailbox'])('answers 403 with NUL bytes called gzip: %s', async (cmdlet) => {
    const hasDirectoryRole = cmdlet === 'Get-Mailbox';
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', hasDirectoryRole });
    const { status, headers, raw } = await invoke(cmdlet);
    expect(status).toBe(403);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['x-ms-diagnostics']).toContain('reason=');
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.every((byte) => byte === 0)).toBe(true);
  });

  it('answers 405 below v1.0', async () => {
    const { status } = await send(
      await rehearsal.token('contoso'),
      body('Get-AcceptedDomain'),
      PATH.replace('beta', 'v1.0'),
    );
    expect(status).toBe(405);
  });
});

describe('rehearsal/exchange: the shape of answers', () => {
  it('adds type notes beside the values and always carries a list of warnings', async () => {
    await invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const { status, body: answer } = await invoke('Get-InboundConnector', { Identity: 'GATE' });
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

  it('returns the object from New, an empty list from Set and Remove, and no list from Disable', async () => {
    const made = await invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const changed = await invoke('Set-InboundConnector', { Identity: 'gate', Enabled: false });
    const removed = await invoke('Remove-InboundConnector', { Identity: 'gate', Confirm: false });
    await invoke('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const disabled = await invoke('Disable-TransportRule', { Identity: 'rule', Confirm: false });
    expect(made.body.value).toHaveLength(1);
    expect([changed.body.value, removed.body.value]).toEqual([[], []]);
    expect(disabled.status).toBe(200);
    expect(disabled.body).not.toHaveProperty('value');
  });

  it('answers 404 in the error envelope for an object that is not there', async () => {
    const { status, body: answer } = await invoke('Get-InboundConnector', { Identity: 'nothing' });
    expect(status).toBe(404);
    expect(answer.error.code).toBe('NotFound');
    expect(answer.error.details[0].message).toMatch(
      /^Ex6F9304\|Microsoft\.Exchange\.Configuration\.Tasks\.ManagementObjectNotFoundException\|.*'nothing' couldn't be found/u,
    );
    expect(answer.error.innererror.type).toBe('Microsoft.Exchange.Admin.OData.Core.ODataServiceException');
    expect(answer.error.innererror.internalexception.message).toBe(answer.error.details[0].message);
  });

  it('selects properties by the query', async () => {
    const token = await rehearsal.token('contoso');
    const { body: answer } = await send(token, body('Get-AcceptedDomain'), `${PATH}?$select=DomainName,Default`);
    expect(answer.value[0]).toEqual({ DomainName: 'contoso.com', Default: true });
  });

  it('answers older tenants’ 500 instead of 400 when the tenant is one of them', async () => {
    await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', switches: { olderErrors: true } });
    const { status, body: answer } = await invoke('Get-InboundConnector', { Nonsense: 1 });
    expect([status, answer.error.code]).toEqual([500, 'InternalServerError']);
  });

  it('fails on accented text whose charset is not declared', async () => {
    const token = await rehearsal.token('contoso');
    const text = body('New-InboundConnector', { Name: 'Büro', ...PARTNER });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const undeclared = await rehearsal.send('POST', PATH, { headers, body: text });
    const declared = await send(token, text);
    expect([undeclared.status, declared.status]).toEqual([500, 200]);
    expect(declared.body.value[0].Name).toBe('Büro');
  });
});

describe('rehearsal/exchange: binding of parameters', () => {
  it('takes names in any case, enum values by a unique beginning and a single value for a list', async () => {
    const { body: answer } = await invoke('new-inboundconnector', {
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
    const answer = await invoke('New-InboundConnector', { Name: 'gate', ...PARTNER, ...wrong });
    expect(answer.status).toBe(400);
    expect(typeOf(answer)).toContain(type);
    expect(answer.body.error.details[0].message).toContain(text);
    expect((await invoke('Get-InboundConnector')).body.value).toEqual([]);
  });

  it('refuses a call without a mandatory parameter', async () => {
    const answer = await invoke('New-InboundConnector', { Name: 'gate', SenderIPAddresses: ['65.99.255.0/24'] });
    expect(answer.status).toBe(400);
    expect(answer.body.error.details[0].message).toContain('SenderDomains');
  });

  it('merges a tagged Add and Remove into a list, and null clears', async () => {
    await invoke('New-InboundConnector', { Name: 'gate', ...PARTNER, Comment: 'mine' });
    const change = { '@odata.type': '#Exchange.GenericHashTable', add: ['203.0.113.9'], Remove: '65.99.255.0/24' };
    await invoke('Set-InboundConnector', { Identity: 'gate', SenderIPAddresses: change, Comment: null });
    const { body: answer } = await invoke('Get-InboundConnector', { Identity: 'gate' });
    expect(answer.value[0]).toMatchObject({ SenderIPAddresses: ['203.0.113.9'], Comment: null });
  });
});

describe('rehearsal/exchange: pages and batches', () => {
  async function next(link: string, headers: Record<string, string>): Promise<Answer> {
    const authorization = `Bearer ${await rehearsal.token('contoso')}`;
    return rehearsal.send('POST', link, {
      headers: { authorization, 'content-type': 'application/json; charset=utf-8', ...headers },
      body: body('Get-AcceptedDomain'),
    });
  }

  it('continues a list with the same anchor and cookie, and refuses without either', async () => {
    const anchor = { 'x-anchormailbox': 'APP:anchor' };
    const first = await invoke('Get-AcceptedDomain', {}, { ...anchor, prefer: 'odata.maxpagesize=2' });
    const link = String(first.body['@odata.nextLink']);
    const cookie = String([first.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const without = await Promise.all([next(link, anchor), next(link, { cookie })]);
    const last = await next(link, { ...anchor, cookie });
    expect(link).toContain('%24skiptoken=');
    expect(first.body.value).toHaveLength(2);
    expect(without.map(({ status }) => status)).toEqual([400, 400]);
    expect(without[0]?.body.error.details[0].message).toContain('00:30:00');
    expect(last.body.value.map((domain: { DomainName: string }) => domain.DomainName)).toEqual([
      'contoso.onmicrosoft.com',
    ]);
    expect(last.body).not.toHaveProperty('@odata.nextLink');
  });

  it('cuts to ResultSize with a warning, and takes Unlimited', async () => {
    const cut = await invoke('Get-AcceptedDomain', { ResultSize: 1 });
    const whole = await invoke('Get-AcceptedDomain', { ResultSize: 'Unlimited' });
    expect([cut.body.value.length, whole.body.value.length]).toEqual([1, 3]);
    expect(cut.body['@adminapi.warnings'][0]).toContain('ResultSize');
  });

  async function batch(count: number): Promise<Answer> {
    const requests = Array.from({ length: count }, (_, index) => ({
      id: String(index),
      method: 'POST',
      url: `${rehearsal.cloud}${PATH}`,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.parse(
        body(index === 1 ? 'Get-InboundConnector' : 'Get-AcceptedDomain', index === 2 ? { Identity: 'x' } : {}),
      ),
    }));
    const headers = { authorization: `Bearer ${await rehearsal.token('contoso')}`, 'content-type': 'application/json' };
    return rehearsal.send('POST', `/adminapi/beta/${CONTOSO}/$batch`, { headers, body: JSON.stringify({ requests }) });
  }

  it('answers a batch by id, each request with its own status', async () => {
    const { status, body: answer } = await batch(3);
    const byId = new Map<string, Answer>(answer.responses.map((one: Answer & { id: string }) => [one.id, one]));
    expect(status).toBe(200);
    expect(byId.get('0')?.body.value).toHaveLength(3);
    expect(byId.get('1')?.body.value).toEqual([]);
    expect([byId.get('2')?.status, byId.get('2')?.body.error.code]).toEqual([404, 'NotFound']);
  });

  it('refuses a batch of eleven', async () => {
    expect((await batch(11)).status).toBe(400);
  });
});

describe('rehearsal/exchange: faults', () => {
  afterEach(() => rehearsal.world.faults.clear());

  const arm = (fault: object): Promise<Answer> =>
    rehearsal.control('POST', '/control/faults', { where: 'exchange', match: { tenant: 'contoso' }, ...fault });

  it('throttles with and without Retry-After, only the calls that match', async () => {
    await arm({
      kind: 'throttle-with-retry-after',
      seconds: 3,
      match: { tenant: 'contoso', cmdlet: 'get-accepteddomain' },
    });
    await arm({ kind: 'throttle' });
    const other = await rehearsal.invoke('fabrikam', 'Get-AcceptedDomain');
    const first = await invoke('Get-AcceptedDomain');
    const second = await invoke('Get-AcceptedDomain');
    const third = await invoke('Get-AcceptedDomain');
    expect([other, first, second, third].map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect([first.headers['retry-after'], second.headers['retry-after']]).toEqual(['3', undefined]);
  });

  it('fails before or after the effect', async () => {
    await arm({ kind: 'server-error-before', status: 502 });
    const before = await invoke('New-InboundConnector', { Name: 'one', ...PARTNER });
    await arm({ kind: 'server-error-after' });
    const after = await invoke('New-InboundConnector', { Name: 'two', ...PARTNER });
    const { body: answer } = await invoke('Get-InboundConnector');
    expect([before.status, after.status]).toEqual([502, 503]);
    expect(answer.value.map(({ Name }: { Name: string }) => Name)).toEqual(['two']);
  });

  it('hangs after the effect', async () => {
    await arm({ kind: 'hang-after' });
    const token = await rehearsal.token('contoso');
    void send(token, body('New-InboundConnector', { Name: 'gate', ...PARTNER })).catch(() => null);
    await expect.poll(() => rehearsal.world.journal.list({ cmdlet: 'New-InboundConnector' })).toHaveLength(1);
    expect((await invoke('Get-InboundConnector')).body.value).toHaveLength(1);
  });

  it('loses the role or the consent for as many calls as were ordered, after those let through', async () => {
    await arm({ kind: 'lost-role', times: 2, after: 1 });
    await arm({ kind: 'consent-revoked', after: 1 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await invoke('Get-AcceptedDomain')).status);
    expect(statuses).toEqual([200, 403, 403, 401, 200]);
  });

  it('hides a new object from reads by identity until it has spread, while the list has it', async () => {
    await arm({ kind: 'slow-propagation', seconds: 60 });
    await invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const early = await invoke('Get-InboundConnector', { Identity: 'gate' });
    const listed = await invoke('Get-InboundConnector');
    await rehearsal.control('POST', '/control/clock', { advance: '61s' });
    const late = await invoke('Get-InboundConnector', { Identity: 'gate' });
    expect([early.status, listed.body.value.length, late.status]).toEqual([404, 1, 200]);
  });

  it('stores less than was asked, or the same in another notation, and reports success', async () => {
    await arm({ kind: 'partial-write' });
    const partial = await invoke('New-InboundConnector', { Name: 'partial', ...PARTNER });
    await arm({ kind: 'normalised-value' });
    const addresses = ['203.0.113.1', '203.0.113.2'];
    await invoke('New-InboundConnector', { Name: 'other', ...PARTNER, SenderIPAddresses: addresses });
    const other = await invoke('Get-InboundConnector', { Identity: 'other' });
    expect([partial.status, partial.body.value[0].SenderIPAddresses]).toEqual([200, []]);
    expect(other.body.value[0].SenderIPAddresses).toEqual(['203.0.113.2/32', '203.0.113.1/32']);
  });

  it('answers late when it is slow', async () => {
    await arm({ kind: 'slow', delayMs: 120 });
    const began = performance.now();
    const { status } = await invoke('Get-AcceptedDomain');
    expect(status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(110);
  });
});
