import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RehearsalProcess, startProcess } from './rehearsal-process.ts';

/** Slow enough for virtual time to stand still while a test looks at it twice. */
const ALMOST_STILL = '0.001';
const CARD = 'application/vnd.microsoft.card.adaptive';

let dataDir: string;
let bot: Server;
let running: RehearsalProcess[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  bot = answeringBot().listen(0, '127.0.0.1');
  await once(bot, 'listening');
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((rehearsal) => rehearsal.end('SIGKILL')));
  bot.closeAllConnections();
  bot.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Answers every click with a card for the person who clicked, and everything else with an empty 200. */
function answeringBot(): Server {
  const value = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: 'Only you see this' }] };
  return createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ statusCode: 200, type: CARD, value }));
  });
}

async function start(): Promise<RehearsalProcess> {
  const address = bot.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const rehearsal = await startProcess(dataDir, {
    REHEARSAL_SPEED: ALMOST_STILL,
    BOT_ENDPOINT: `http://127.0.0.1:${port}/api/messages`,
  });
  running.push(rehearsal);
  return rehearsal;
}

async function end(rehearsal: RehearsalProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await rehearsal.end(signal);
  running = running.filter((one) => one !== rehearsal);
}

async function changeTheCloud({ control }: RehearsalProcess): Promise<void> {
  // A day ahead of real time: after a restart it goes on from there and not from the wall clock.
  await control('POST', 'clock', { advance: '1d' });
  await control('POST', 'tenants', { name: 'litware', domains: ['litware.example'], mx: 'mx.gate.example' });
  await control('PUT', 'directory', { tenant: 'tailspin', consent: 'granted', hasDirectoryRole: true });
  await control('PUT', 'directory', {
    tenant: 'contoso',
    mailboxes: ['Only@contoso.com'],
    switches: { developer: true },
  });
  await control('POST', 'exchange', {
    tenant: 'litware',
    cmdlet: 'New-InboundConnector',
    parameters: { Name: 'Fresh', ConnectorType: 'Partner', SenderDomains: '*', RequireTls: true },
  });
  await control('POST', 'exchange', {
    tenant: 'fabrikam',
    cmdlet: 'Set-InboundConnector',
    parameters: { Identity: 'OldGate inbound', Enabled: false },
  });
  await control('POST', 'exchange', {
    tenant: 'adatum',
    cmdlet: 'Remove-InboundConnector',
    parameters: { Identity: 'ExchangeDefender Inbound', Confirm: false },
  });
  await control('PUT', 'dns', { domain: 'northwind.example', mx: 'mx.gate.example', ttl: 600 });
  await control('PUT', 'dns', { domain: 'contoso.com', behaviour: 'slow', resolvers: { 'resolver-2': 'servfail' } });
  await control('PUT', 'smtp', { host: 'tenant-edge', behaviour: 'no-starttls', lagSeconds: 7, recipientFirst: true });
  await control('PUT', 'smtp', { host: 'gateway', serves: ['litware.example'], egress: { gate: '203.0.113.77' } });
  await control('PUT', 'smtp', { replies: { 'contoso.com': '451 4.3.2 Temporary server error' } });
}

async function talk({ control, asBot }: RehearsalProcess): Promise<void> {
  const { activityId: root } = await control('POST', 'messages', {
    as: 'rita',
    conversation: 'mail-ops',
    text: 'set up gateway',
  });
  const card = (text: string): object => ({
    type: 'message',
    attachments: [
      {
        contentType: CARD,
        content: {
          type: 'AdaptiveCard',
          body: [{ type: 'TextBlock', text }],
          actions: [{ type: 'Action.Execute', verb: 'look', title: 'Look', data: {} }],
        },
      },
    ],
  });
  const thread = encodeURIComponent(`19:mail-ops@thread.tacv2;messageid=${root}`);
  const { id } = await asBot('POST', `conversations/${thread}/activities`, card('planned'));
  await asBot('PUT', `conversations/${thread}/activities/${id}`, card('approved'));
  await control('POST', 'actions', { as: 'ada', messageId: id, verb: 'look' });
  await control('POST', 'messages', { as: 'ben', conversation: 'mail-ops', text: 'in the thread', replyTo: root });
  const said = await control('POST', 'messages', { as: 'omar', conversation: 'personal:omar', text: 'stauts' });
  await control('POST', 'edits', { as: 'omar', messageId: said.activityId, text: 'status' });
  const { activityId: gone } = await control('POST', 'messages', { as: 'eve', conversation: 'alerts', text: 'oops' });
  await control('POST', 'deletions', { as: 'eve', messageId: gone });
  await control('POST', 'members', { add: [{ id: 'zoe', name: 'Zoe', guest: true }], remove: ['gus'] });
  await control('POST', 'installs', { action: 'remove', conversation: 'personal:gus' });
}

/** Everything that the control API shows of the world, without the port numbers. */
async function everything({ control }: RehearsalProcess): Promise<unknown> {
  const tenants: { name: string }[] = await control('GET', 'tenants');
  const { names }: { names: string[] } = await control('GET', 'dns');
  const { conversations }: { conversations: { id: string }[] } = await control('GET', 'conversations');
  const all = (paths: string[]): Promise<unknown[]> => Promise.all(paths.map((path) => control('GET', path)));
  const { port: _, ...smtp } = await control('GET', 'smtp');
  return {
    tenants: (await all(tenants.map(({ name }) => `tenants/${name}`))).map((one) => ({ ...Object(one), now: null })),
    dns: await all(names.filter((name) => !name.startsWith('*')).map((name) => `dns?name=${name}`)),
    smtp,
    people: await control('GET', 'people'),
    conversations,
    messages: await all(conversations.map(({ id }) => `conversations/${id}/messages?as=ada`)),
  };
}

async function untilSaved(text: string): Promise<void> {
  const saved = (): Promise<string> => readFile(join(dataDir, 'rehearsal', 'world.json'), 'utf8').catch(() => '');
  await expect.poll(saved, { interval: 20, timeout: 3000 }).toContain(text);
}

describe('rehearsal/world-memory', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('has the whole world again after %s', async (signal) => {
    const first = await start();
    await changeTheCloud(first);
    await talk(first);
    await first.control('POST', 'messages', { as: 'rita', conversation: 'alerts', text: 'the last word' });
    const before = await everything(first);
    if (signal === 'SIGKILL') await untilSaved('the last word');
    await end(first, signal);
    const again = await start();
    expect(await everything(again)).toEqual(before);
    expect(again.errors()).toBe('');
  });

  it('keeps what each person sees, what a message said before, and the resolvers that lag behind', async () => {
    const first = await start();
    await changeTheCloud(first);
    await talk(first);
    await end(first, 'SIGTERM');
    const { control } = await start();
    const { messages } = await control('GET', 'conversations/mail-ops/messages?as=ada');
    expect(messages[1]).toMatchObject({
      edits: 1,
      ownView: true,
      text: 'Only you see this',
      history: [{ text: expect.stringContaining('planned') }],
    });
    const { resolvers } = await control('GET', 'dns?name=northwind.example');
    expect(resolvers['resolver-1'].records[0].data).toBe('0 mx.gate.example');
    expect(resolvers['resolver-2'].records[0].data).toBe('0 northwind-example.mail.protection.outlook.com');
  });

  it('remembers propagation: a connector that mail flow did not know yet takes effect in its time', async () => {
    const first = await start();
    await changeTheCloud(first);
    await end(first, 'SIGTERM');
    const { control } = await start();
    const waiting = await control('GET', 'tenants/litware');
    await control('POST', 'clock', { advance: '3m' });
    const done = await control('GET', 'tenants/litware');
    expect(waiting.inboundConnectors[0]).toMatchObject({ isEffective: false, effective: null });
    expect(done.inboundConnectors[0]).toMatchObject({ isEffective: true, effective: { Name: 'Fresh' } });
  });

  it('never gives a message id twice, nor turns virtual time back, over a kill', async () => {
    const first = await start();
    await first.control('POST', 'clock', { advance: '2d', speed: 1000 });
    const said = await first.control('POST', 'messages', { as: 'rita', conversation: 'alerts', text: 'one' });
    await untilSaved(said.activityId);
    const { nowMs } = await first.control('GET', 'clock');
    await end(first, 'SIGKILL');
    const again = await start();
    const later = await again.control('GET', 'clock');
    const next = await again.control('POST', 'messages', { as: 'rita', conversation: 'alerts', text: 'two' });
    expect(later.nowMs).toBeGreaterThanOrEqual(nowMs);
    expect(Number(next.activityId)).toBeGreaterThan(Number(said.activityId));
  });

  it('starts anew after a reset, and says that the bot does not forget', async () => {
    const first = await start();
    await changeTheCloud(first);
    await talk(first);
    expect(await first.control('POST', 'reset', {})).toMatchObject({
      reset: true,
      note: expect.stringContaining('The bot keeps its own database'),
    });
    await end(first, 'SIGTERM');
    const { control } = await start();
    const { conversations } = await control('GET', 'conversations');
    const names = (await control('GET', 'tenants')).map(({ name }: { name: string }) => name);
    expect(names.slice(0, 6)).toEqual(['contoso', 'fabrikam', 'northwind', 'adatum', 'tailspin', 'wingtip']);
    expect(names).not.toContain('litware');
    expect(conversations.map(({ messages }: { messages: number }) => messages)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect((await control('GET', 'tenants/contoso')).mailboxes).toContain('info@contoso.com');
    expect(await control('GET', 'smtp')).toMatchObject({ lagSeconds: 0, recipientFirst: false, replies: {} });
  });
});
