import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queryTrace } from '../../../src/rehearsal/mail-flow/query-trace.ts';
import { type TraceRow, TraceStore } from '../../../src/rehearsal/mail-flow/trace.ts';
import { type RunningRehearsal, runningRehearsal } from '../running-rehearsal.ts';

const contosoId = 'c0000000-0000-4000-8000-000000000001';
const noon = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3600 * 1000;

function row(facts: Partial<TraceRow> = {}): TraceRow {
  return {
    tenantId: contosoId,
    MessageId: '<1@outside.example>',
    MessageTraceId: '00000000-0000-4000-8000-000000000001',
    Received: new Date(noon).toISOString(),
    SenderAddress: 'someone@outside.example',
    RecipientAddress: 'info@contoso.com',
    Subject: 'hello',
    Status: 'Delivered',
    FromIP: '198.51.100.25',
    ToIP: null,
    Size: 4096,
    details: [],
    ...facts,
  };
}

describe('rehearsal/mail-flow/query-trace (fidelity point 24)', () => {
  let store: TraceStore;

  beforeEach(() => {
    store = new TraceStore();
  });

  function found(query: Parameters<typeof queryTrace>[3] = {}, now = noon + HOUR): string[] {
    return queryTrace(store, contosoId, now, query).map(({ RecipientAddress }) => RecipientAddress);
  }

  it('answers newest first, of one organisation, within two days unless told otherwise', () => {
    store.add(row({ RecipientAddress: 'old@contoso.com', Received: new Date(noon - 50 * HOUR).toISOString() }));
    store.add(row({ RecipientAddress: 'first@contoso.com', Received: new Date(noon - HOUR).toISOString() }));
    store.add(row({ RecipientAddress: 'last@contoso.com' }));
    store.add(row({ tenantId: 'another' }));
    expect(found()).toEqual(['last@contoso.com', 'first@contoso.com']);
    expect(found({ start: noon - 60 * HOUR })).toHaveLength(3);
  });

  it.each([
    [{ senders: ['SOMEONE@outside.example'] }, 1],
    [{ senders: ['*@outside.example'] }, 1],
    [{ senders: ['*@else.example'] }, 0],
    [{ recipients: ['kim@contoso.com', 'info@contoso.com'] }, 1],
    [{ messageIds: ['<1@outside.example>'] }, 1],
    [{ statuses: ['Failed'] }, 0],
    [{ fromIp: '198.51.100.25' }, 1],
    [{ toIp: '192.0.2.1' }, 0],
    [{ subject: 'ELL' }, 1],
    [{ subject: 'ell', subjectFilter: 'StartsWith' as const }, 0],
    [{ subject: 'llo', subjectFilter: 'EndsWith' as const }, 1],
  ])('finds by %j %i row', (query, rows) => {
    store.add(row());
    expect(found(query)).toHaveLength(rows);
  });

  it.each([
    [{ size: 5001 }, /5000/u],
    [{ start: noon - 11 * 24 * HOUR, end: noon }, /10 days/u],
    [{ start: noon - 95 * 24 * HOUR, end: noon - 94 * 24 * HOUR }, /90 days/u],
    [{ start: noon, end: noon - HOUR }, /before/u],
  ])('refuses %j', (query, message) => {
    expect(() => found(query)).toThrow(message);
  });

  it('goes on with what the page before ended with', () => {
    for (const name of ['a', 'b', 'c']) store.add(row({ RecipientAddress: `${name}@contoso.com` }));
    store.add(row({ RecipientAddress: 'd@contoso.com', Received: new Date(noon - 1).toISOString() }));
    expect(found({ size: 2 })).toEqual(['a@contoso.com', 'b@contoso.com']);
    expect(found({ size: 3, end: noon, startingRecipient: 'b@contoso.com' })).toEqual([
      'b@contoso.com',
      'c@contoso.com',
      'd@contoso.com',
    ]);
  });

  it('keeps the newest ten thousand rows', () => {
    for (let index = 0; index < 10_050; index += 1) store.add(row({ Subject: String(index) }));
    expect(store.list(contosoId)).toHaveLength(10_000);
    expect(store.list(contosoId)[0]?.Subject).toBe('50');
  });

  it('survives as text', () => {
    store.add(row());
    const copy = new TraceStore();
    copy.restore(JSON.parse(store.export()));
    expect(copy.list(contosoId)).toEqual(store.list(contosoId));
    expect(() => copy.restore([{ tenantId: 7 }])).toThrow();
  });
});

describe('rehearsal/mail-flow/write-trace (fidelity point 24)', () => {
  let rehearsal: RunningRehearsal;

  beforeAll(async () => {
    rehearsal = await runningRehearsal();
  });

  afterAll(async () => {
    await rehearsal.stop();
  });

  beforeEach(async () => {
    await rehearsal.control('POST', '/control/reset', {});
  });

  async function traced(tenant: string, facts: object): Promise<TraceRow[]> {
    await rehearsal.control('POST', '/control/mail', { from: 'someone@outside.example', ...facts });
    const id = [...rehearsal.world.tenants.values()].find(({ name }) => name === tenant)?.id ?? '';
    return rehearsal.world.trace.list(id);
  }

  it('has what was delivered, with what happened to it', async () => {
    const [only, ...others] = await traced('fabrikam', { to: 'info@fabrikam.com', subject: 'offer', size: 9000 });
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      Status: 'Delivered',
      SenderAddress: 'someone@outside.example',
      RecipientAddress: 'info@fabrikam.com',
      Subject: 'offer',
      Size: 9000,
      FromIP: '192.0.2.10',
      details: [
        { Event: 'RECEIVE', Detail: 'Inbound connector "OldGate inbound"' },
        { Event: 'TRANSFER', Detail: 'Transport rule "OldGate: bypass spam filter": SetSCL' },
        { Event: 'DELIVER' },
      ],
    });
    const ahead = Math.abs(Date.parse(only?.Received ?? '') - rehearsal.world.clock.now());
    expect(ahead).toBeLessThan(60_000);
  });

  it('has what the lock refused', async () => {
    const [only] = await traced('wingtip', { to: 'info@wingtip.example', via: 'direct' });
    expect(only).toMatchObject({
      Status: 'Failed',
      FromIP: '198.51.100.25',
      details: [{ Event: 'FAIL', Detail: expect.stringMatching(/^550 5\.7\.51 /u) }],
    });
  });

  it('has nothing of a recipient whom nobody knows', async () => {
    expect(await traced('contoso', { to: 'nobody@contoso.com' })).toEqual([]);
  });

  it('has quarantined and waiting mail under these names', async () => {
    expect((await traced('contoso', { to: 'info@contoso.com', content: 'malware' })).at(-1)?.Status).toBe(
      'Quarantined',
    );
    await rehearsal.control('PUT', '/control/smtp', { host: 'gateway', behaviour: 'refuse' });
    await rehearsal.control('PUT', '/control/dns', { domain: 'away.example', mx: 'mx.gate.example' });
    const waiting = await traced('contoso', { from: 'info@contoso.com', to: 'a@away.example', via: 'user' });
    expect(waiting.at(-1)).toMatchObject({ Status: 'Pending', details: [{}, { Event: 'SEND' }, { Event: 'DEFER' }] });
  });

  it('has a failed row where the next server did not take it', async () => {
    const rows = await traced('contoso', { from: 'info@contoso.com', to: 'nobody@adatum.com', via: 'user' });
    expect(rows.at(-1)).toMatchObject({ Status: 'Failed', ToIP: '65.99.255.10' });
  });

  it('has rows in both organisations for mail from one to the other', async () => {
    const sent = await traced('contoso', { from: 'info@contoso.com', to: 'info@tailspin.example', via: 'user' });
    expect(sent).toMatchObject([{ Status: 'Delivered', FromIP: null }]);
    const received = rehearsal.world.trace.list('c0000000-0000-4000-8000-000000000005');
    expect(received).toMatchObject([{ Status: 'Delivered', FromIP: '40.107.22.5' }]);
  });
});
