import { afterEach, describe, expect, it } from 'vitest';
import { body, CONTOSO, contosoWire, PARTNER, PATH } from './contoso-wire.ts';
import type { Answer } from './running-rehearsal.ts';

const wire = contosoWire();

describe('rehearsal/exchange: pages and batches', () => {
  async function next(link: string, headers: Record<string, string>): Promise<Answer> {
    const authorization = `Bearer ${await wire.rehearsal.token('contoso')}`;
    return wire.rehearsal.send('POST', link, {
      headers: { authorization, 'content-type': 'application/json; charset=utf-8', ...headers },
      body: body('Get-AcceptedDomain'),
    });
  }

  it('continues a list with the same anchor and cookie, and refuses without either', async () => {
    const anchor = { 'x-anchormailbox': 'APP:anchor' };
    const first = await wire.invoke('Get-AcceptedDomain', {}, { ...anchor, prefer: 'odata.maxpagesize=2' });
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
    const cut = await wire.invoke('Get-AcceptedDomain', { ResultSize: 1 });
    const whole = await wire.invoke('Get-AcceptedDomain', { ResultSize: 'Unlimited' });
    expect([cut.body.value.length, whole.body.value.length]).toEqual([1, 3]);
    expect(cut.body['@adminapi.warnings'][0]).toContain('ResultSize');
  });

  async function batch(count: number): Promise<Answer> {
    const requests = Array.from({ length: count }, (_, index) => ({
      id: String(index),
      method: 'POST',
      url: `${wire.rehearsal.cloud}${PATH}`,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.parse(
        body(index === 1 ? 'Get-InboundConnector' : 'Get-AcceptedDomain', index === 2 ? { Identity: 'x' } : {}),
      ),
    }));
    const headers = {
      authorization: `Bearer ${await wire.rehearsal.token('contoso')}`,
      'content-type': 'application/json',
    };
    return wire.rehearsal.send('POST', `/adminapi/beta/${CONTOSO}/$batch`, {
      headers,
      body: JSON.stringify({ requests }),
    });
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
  afterEach(() => wire.rehearsal.world.faults.clear());

  const arm = (fault: object): Promise<Answer> =>
    wire.rehearsal.control('POST', '/control/faults', { where: 'exchange', match: { tenant: 'contoso' }, ...fault });

  it('throttles with and without Retry-After, only the calls that match', async () => {
    await arm({
      kind: 'throttle-with-retry-after',
      seconds: 3,
      match: { tenant: 'contoso', cmdlet: 'get-accepteddomain' },
    });
    await arm({ kind: 'throttle' });
    const other = await wire.rehearsal.invoke('fabrikam', 'Get-AcceptedDomain');
    const first = await wire.invoke('Get-AcceptedDomain');
    const second = await wire.invoke('Get-AcceptedDomain');
    const third = await wire.invoke('Get-AcceptedDomain');
    expect([other, first, second, third].map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect([first.headers['retry-after'], second.headers['retry-after']]).toEqual(['3', undefined]);
  });

  it('fails before or after the effect', async () => {
    await arm({ kind: 'server-error-before', status: 502 });
    const before = await wire.invoke('New-InboundConnector', { Name: 'one', ...PARTNER });
    await arm({ kind: 'server-error-after' });
    const after = await wire.invoke('New-InboundConnector', { Name: 'two', ...PARTNER });
    const { body: answer } = await wire.invoke('Get-InboundConnector');
    expect([before.status, after.status]).toEqual([502, 503]);
    expect(answer.value.map(({ Name }: { Name: string }) => Name)).toEqual(['two']);
  });

  it('hangs after the effect', async () => {
    await arm({ kind: 'hang-after' });
    const token = await wire.rehearsal.token('contoso');
    void wire.send(token, body('New-InboundConnector', { Name: 'gate', ...PARTNER })).catch(() => null);
    await expect.poll(() => wire.rehearsal.world.journal.list({ cmdlet: 'New-InboundConnector' })).toHaveLength(1);
    expect((await wire.invoke('Get-InboundConnector')).body.value).toHaveLength(1);
  });

  it('loses the role or the consent for as many calls as were ordered, after those let through', async () => {
    await arm({ kind: 'lost-role', times: 2, after: 1 });
    await arm({ kind: 'consent-revoked', after: 1 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await wire.invoke('Get-AcceptedDomain')).status);
    expect(statuses).toEqual([200, 403, 403, 401, 200]);
  });

  it('hides a new object from reads by identity until it has spread, while the list has it', async () => {
    await arm({ kind: 'slow-propagation', seconds: 60 });
    await wire.invoke('New-InboundConnector', { Name: 'gate', ...PARTNER });
    const early = await wire.invoke('Get-InboundConnector', { Identity: 'gate' });
    const listed = await wire.invoke('Get-InboundConnector');
    await wire.rehearsal.control('POST', '/control/clock', { advance: '61s' });
    const late = await wire.invoke('Get-InboundConnector', { Identity: 'gate' });
    expect([early.status, listed.body.value.length, late.status]).toEqual([404, 1, 200]);
  });

  it('stores less than was asked, or the same in another notation, and reports success', async () => {
    await arm({ kind: 'partial-write' });
    const partial = await wire.invoke('New-InboundConnector', { Name: 'partial', ...PARTNER });
    await arm({ kind: 'normalised-value' });
    const addresses = ['203.0.113.1', '203.0.113.2'];
    await wire.invoke('New-InboundConnector', { Name: 'other', ...PARTNER, SenderIPAddresses: addresses });
    const other = await wire.invoke('Get-InboundConnector', { Identity: 'other' });
    expect([partial.status, partial.body.value[0].SenderIPAddresses]).toEqual([200, []]);
    expect(other.body.value[0].SenderIPAddresses).toEqual(['203.0.113.2/32', '203.0.113.1/32']);
  });

  it('answers late when it is slow', async () => {
    await arm({ kind: 'slow', delayMs: 120 });
    const began = performance.now();
    const { status } = await wire.invoke('Get-AcceptedDomain');
    expect(status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(110);
  });
});
