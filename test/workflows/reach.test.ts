import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.ts';
import { TenantAccessError } from '../../src/core/errors.ts';
import type { Reach, TraceReading } from '../../src/core/reach.ts';
import type { TraceRow } from '../../src/ports/exchange-questions.ts';
import { reachOf } from '../../src/workflows/shared/reach.ts';
import { readMailFlow } from '../../src/workflows/shared/tenant-reads.ts';
import type { FakeExchangeSeed } from '../support/fake-exchange.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';

const gateway = '65.99.255.7';
const scanner = '198.51.100.77';
const shop = '203.0.113.9';
const name = 'Gateway';

const lock = {
  Name: name,
  SenderDomains: ['*'],
  SenderIPAddresses: ['65.99.255.0/24'],
  RestrictDomainsToIPAddresses: true,
};

function turn(on: boolean): Change {
  return {
    step: 'Set-InboundConnector',
    object: { kind: 'InboundConnector', identity: name },
    action: 'update',
    title: 'x',
    fields: [{ field: 'Enabled', before: !on, after: on }],
    call: { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, Enabled: on } },
    inverse: null,
    irreversible: null,
    risky: true,
  };
}

let traced = 0;

function row(FromIP: string | null, SenderAddress: string, facts: Partial<TraceRow> = {}): TraceRow {
  traced += 1;
  return {
    MessageTraceId: `trace-${traced}`,
    MessageId: `<${traced}@x>`,
    Received: '2026-11-20T10:00:00.000Z',
    SenderAddress,
    RecipientAddress: 'info@contoso.com',
    Status: 'Delivered',
    FromIP,
    ToIP: null,
    ...facts,
  };
}

function worldWith(rows: readonly TraceRow[], seed: FakeExchangeSeed = {}): FakeWorld {
  return fakeWorld({
    acceptedDomains: ['contoso.com', 'contoso.onmicrosoft.com'],
    connectors: [{ ...lock, Enabled: false }],
    ...seed,
    others: { 'Get-MessageTraceV2': [...rows] },
  });
}

async function reach(world: FakeWorld, on = true): Promise<Reach> {
  return reachOf(world, await readMailFlow(world), [turn(on)]);
}

async function read(world: FakeWorld, on = true): Promise<Extract<TraceReading, { kind: 'read' }>> {
  const { trace } = await reach(world, on);
  if (trace.kind === 'unknown') throw new Error(trace.because);
  return trace;
}

describe('whom a lock-down touches', () => {
  it('names each server whose mail it would have refused, the most frequent first', async () => {
    const trace = await read(
      worldWith([
        row(gateway, 'somebody@outside.example'),
        row(scanner, 'scanner@contoso.com'),
        row(shop, 'orders@shop.example'),
        row(shop, 'news@mail.shop.example', {
          RecipientAddress: 'kim@contoso.com',
          Received: '2026-11-21T08:00:00.000Z',
        }),
      ]),
    );
    expect(trace).toMatchObject({ messages: 4, recipients: 2, isWhole: true });
    expect(trace.refused).toEqual({
      messages: 3,
      sources: 2,
      top: [
        {
          address: shop,
          domains: ['shop.example', 'mail.shop.example'],
          moreDomains: 0,
          messages: 2,
          recipients: 2,
          lastSeen: '2026-11-21T08:00:00.000Z',
          isOwn: false,
          doubt: null,
        },
        expect.objectContaining({ address: scanner, domains: ['contoso.com'], messages: 1, isOwn: true }),
      ],
    });
  });

  it('leaves out what people send, what others receive, and what was refused anyway', async () => {
    const trace = await read(
      worldWith([
        row(null, 'rita@contoso.com'),
        row(shop, 'orders@shop.example', { RecipientAddress: 'info@elsewhere.example' }),
        row(shop, 'orders@shop.example', { Status: 'Failed' }),
      ]),
    );
    expect(trace.refused).toEqual({ messages: 0, sources: 0, top: [] });
    expect(trace.messages).toBe(1);
  });

  it('spares a server that another connector with a restriction of its own lets in', async () => {
    const own = {
      ...lock,
      Name: 'Scanners',
      SenderDomains: ['contoso.com'],
      SenderIPAddresses: [scanner],
      Enabled: true,
    };
    const world = worldWith([row(scanner, 'scanner@contoso.com')], { connectors: [{ ...lock, Enabled: false }, own] });
    expect((await read(world)).refused.messages).toBe(0);
  });

  it('says where the documentation leaves it open', async () => {
    const loose = { ...lock, Name: 'Shop', SenderIPAddresses: [shop], RestrictDomainsToIPAddresses: false };
    const world = worldWith([row(shop, 'a@shop.example')], { connectors: [{ ...lock, Enabled: false }, loose] });
    const { refused } = await read(world);
    expect(refused.top[0]?.doubt).toMatch(/not documented/u);
  });

  it('counts bounces under their server', async () => {
    const { refused } = await read(worldWith([row(shop, '<>')]));
    expect(refused.top).toMatchObject([{ address: shop, domains: [''], isOwn: false }]);
  });

  const missing = new TenantAccessError('The role is missing.', {
    operation: 'Get-MessageTraceV2',
    reason: 'directory-role',
    next: 'Give us the role Message Tracking.',
  });

  it('says why it is not known when the trace cannot be read', async () => {
    const world = worldWith([]);
    world.exchange.fail('Get-MessageTraceV2', missing);
    Object.assign(world, { directory: { messageTraces: () => Promise.reject(missing) } });
    const { trace, domains } = await reach(world);
    expect(trace).toEqual({ kind: 'unknown', because: 'The role is missing. Give us the role Message Tracking.' });
    expect(domains).toEqual(['contoso.com', 'contoso.onmicrosoft.com']);
  });

  it('reads the trace of the directory where that of Exchange is closed to us', async () => {
    const world = worldWith([]);
    world.exchange.fail('Get-MessageTraceV2', missing);
    const message = { id: 'a', messageId: '<1@x>', received: '2026-11-20T10:00:00.000Z', toIp: null };
    const parties = { sender: 'a@shop.example', recipient: 'info@contoso.com', fromIp: shop };
    const messageTraces = () => Promise.resolve([{ ...message, ...parties, status: 'delivered' }]);
    Object.assign(world, { directory: { messageTraces } });
    expect((await read(world)).refused).toMatchObject({ messages: 1, top: [{ address: shop }] });
  });

  it('names the connectors that act together with it', async () => {
    const others = [
      { Name: 'HQ', ConnectorType: 'OnPremises' as const, SenderIPAddresses: ['192.0.2.1'] },
      { Name: 'Partner', SenderDomains: ['partner.example'] },
      { Name: 'Old lock', RestrictDomainsToIPAddresses: true },
      { Name: 'Off', Enabled: false },
    ];
    const { neighbours } = await reach(worldWith([], { connectors: [{ ...lock, Enabled: false }, ...others] }));
    expect(neighbours.map(({ object }) => object.identity)).toEqual(['HQ', 'Partner', 'Old lock']);
    expect(neighbours.map(({ why }) => why)).toEqual([
      expect.stringContaining('keeps letting in'),
      expect.stringContaining('the lock wins'),
      expect.stringContaining('refuses mail by itself'),
    ]);
  });

  it('lists at most twenty servers and counts them all', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => row(`203.0.113.${at}`, 'a@shop.example'));
    const { refused } = await read(worldWith(rows));
    expect(refused).toMatchObject({ messages: 30, sources: 30 });
    expect(refused.top).toHaveLength(20);
  });
});

describe('whom an unlock touches', () => {
  it('names what was refused and would come in, and refuses nobody', async () => {
    const seed = { connectors: [{ ...lock, Enabled: true }] };
    const trace = await read(
      worldWith([row(shop, 'a@shop.example', { Status: 'Failed' }), row(gateway, 'b@outside.example')], seed),
      false,
    );
    expect(trace.refused.messages).toBe(0);
    expect(trace.admitted).toMatchObject({ messages: 1, sources: 1, top: [{ address: shop, messages: 1 }] });
  });

  it('counts what another connector refuses once the lock no longer lets it in', async () => {
    const bank = { Name: 'Bank', SenderDomains: ['bank.example'], SenderIPAddresses: [shop] };
    const connectors = [lock, { ...bank, RestrictDomainsToIPAddresses: true }];
    const found = await reach(worldWith([row(gateway, 'a@bank.example')], { connectors }), false);
    expect(found).toMatchObject({ mayRefuse: true, trace: { refused: { messages: 1, top: [{ address: gateway }] } } });
    expect((await reach(worldWith([], { connectors: [lock] }), false)).mayRefuse).toBe(false);
  });
});

describe('the trace', () => {
  const page = (length: number, start: number): TraceRow[] =>
    Array.from({ length }, (_, at) =>
      row(shop, 'a@shop.example', {
        Received: new Date(Date.parse('2026-11-21T08:00:00Z') - (start + at) * 1000).toISOString(),
      }),
    );

  function pagedWorld(rows: readonly TraceRow[]): { world: FakeWorld; asked: object[] } {
    const world = worldWith([]);
    const asked: object[] = [];
    let at = 0;
    const ask = (_cmdlet: string, parameters: object) => {
      asked.push(parameters);
      const answer = rows.slice(at, at + 5000);
      at += 5000;
      return Promise.resolve(answer);
    };
    Object.assign(world.exchange, { ask });
    return { world, asked };
  }

  it('is read page by page, each from where the one before ended', async () => {
    const { world, asked } = pagedWorld(page(5001, 0));
    const trace = await read(world);
    expect(trace).toMatchObject({ messages: 5001, isWhole: true });
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ StartingRecipientAddress: 'info@contoso.com', ResultSize: 5000 });
    const days = Date.parse(trace.to) - Date.parse(trace.from);
    expect(days).toBe(10 * 86_400_000);
  });

  it('counts a message once with which one page ends and the next begins', async () => {
    const mail = page(5001, 0);
    const [last] = mail.slice(4999);
    if (!last) throw new Error('there is no such message');
    const { world } = pagedWorld([...mail.slice(0, 5000), last, ...mail.slice(5000)]);
    expect(await read(world)).toMatchObject({ messages: 5001, isWhole: true });
  });

  it('of more mail than can be read is cut off, and says from when on it counts', async () => {
    const { world, asked } = pagedWorld(page(30_000, 0));
    const trace = await read(world);
    expect(asked).toHaveLength(4);
    expect(trace).toMatchObject({ messages: 20_000, isWhole: false });
    expect(trace.from).toBe(new Date(Date.parse('2026-11-21T08:00:00Z') - 19_999_000).toISOString());
  });
});
