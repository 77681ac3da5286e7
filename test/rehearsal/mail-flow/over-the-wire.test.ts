import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recallTenant, rememberTenant, tenantMemories } from '../../../src/rehearsal/exchange/tenant-memory.ts';
import { type RunningRehearsal, runningRehearsal } from '../running-rehearsal.ts';

let rehearsal: RunningRehearsal;
beforeAll(async () => {
  rehearsal = await runningRehearsal();
});
afterAll(() => rehearsal.stop());
beforeEach(() => rehearsal.control('POST', '/control/reset', {}));

const person = 'postmaster@contoso.com';
const gatewayIp = '65.99.255.10';
const stranger = '198.51.100.25';

async function exchange(cmdlet: string, parameters: object): Promise<void> {
  const { status } = await rehearsal.control('POST', '/control/exchange', { tenant: 'contoso', cmdlet, parameters });
  expect(status).toBe(200);
}

async function mail(
  facts: object,
): Promise<{ endings: Record<string, unknown>[]; rules: unknown; authentication: unknown }> {
  await rehearsal.control('POST', '/control/clock', { advance: '2h' });
  const { body } = await rehearsal.control('POST', '/control/mail', { from: 'a@sender.example', to: person, ...facts });
  return body.stops[0];
}

describe('rehearsal/mail-flow over the wire', () => {
  it('sees through a gateway to the sender, and says so in the headers', async () => {
    await rehearsal.control('PUT', '/control/dns', {
      domain: 'contoso.com',
      mx: 'inbound30.exchangedefender.com',
      fresh: true,
    });
    await exchange('New-InboundConnector', {
      Name: 'Gateway',
      ConnectorType: 'Partner',
      SenderDomains: '*',
      RestrictDomainsToIPAddresses: true,
      SenderIPAddresses: ['65.99.255.0/24'],
      EFSkipLastIP: true,
    });
    const { authentication, endings } = await mail({});
    expect(authentication).toMatchObject({ address: stranger, skipped: [gatewayIp] });
    expect(endings[0]?.['headers']).toContainEqual({
      name: 'X-MS-Exchange-SkipListedInternetSender',
      value: `ip=[${stranger}];domain=server.example`,
    });
  });

  it('asks the zones of the world what a and mx stand for', async () => {
    const spf = async (record: string): Promise<unknown> => {
      const change = { domain: 'northwind.example', records: { TXT: [record] }, fresh: true };
      expect((await rehearsal.control('PUT', '/control/dns', change)).status).toBe(200);
      const { authentication } = await mail({ from: 'a@northwind.example', via: 'own-server' });
      return Object(authentication).spf;
    };
    expect(await spf('v=spf1 a:mail.northwind.example -all')).toBe('pass');
    expect(await spf('v=spf1 mx -all')).toBe('fail');
    await rehearsal.control('PUT', '/control/dns', {
      domain: 'northwind.example',
      mx: 'mail.northwind.example',
      fresh: true,
    });
    expect(await spf('v=spf1 mx -all')).toBe('pass');
    expect(await spf('v=spf1 redirect=nowhere.example')).toBe('permerror');
  });

  it('knows the server of a pair by its reverse name, in the insight too', async () => {
    const facts = { from: 'boss@contoso.com', via: 'gateway' };
    await rehearsal.control('PUT', '/control/dns', {
      domain: 'contoso.com',
      mx: 'inbound30.exchangedefender.com',
      fresh: true,
    });
    expect((await mail(facts)).authentication).toMatchObject({ server: 'outbound.exchangedefender.com' });
    const insight = async (): Promise<unknown> => {
      const cmdlet = { tenant: 'contoso', cmdlet: 'Get-SpoofIntelligenceInsight', parameters: {} };
      return (await rehearsal.control('POST', '/control/exchange', cmdlet)).body.value;
    };
    expect(await insight()).toMatchObject([{ SendingInfrastructure: 'exchangedefender.com', SpoofType: 'Internal' }]);
    const pair = { Identity: 'default', SpoofedUser: '*', SendingInfrastructure: '65.99.255.0/24', Action: 'Allow' };
    await exchange('New-TenantAllowBlockListSpoofItems', { ...pair, SpoofType: 'External' });
    expect(await insight()).toHaveLength(1);
    await exchange('New-TenantAllowBlockListSpoofItems', { ...pair, SpoofType: 'Internal' });
    expect(await insight()).toEqual([]);
  });

  it('acts on groups that the control API made', async () => {
    await exchange('New-TransportRule', { Name: 'Pilot', SentToMemberOf: ['pilot@contoso.com'], SetSCL: -1 });
    expect((await mail({})).rules).toEqual([]);
    const groups = { 'Pilot@contoso.com': [person] };
    const { body } = await rehearsal.control('PUT', '/control/directory', { tenant: 'contoso', groups });
    expect(body.groups).toEqual({ 'pilot@contoso.com': [person] });
    expect((await mail({})).rules).toEqual([{ name: 'Pilot', did: ['SetSCL'] }]);
  });

  it('remembers groups, and takes a memory without any', () => {
    const [tenant] = rehearsal.world.tenants.values();
    if (!tenant) throw new Error('no tenant');
    tenant.groups.set('pilot@contoso.com', new Set([person]));
    const memory = JSON.parse(JSON.stringify(rememberTenant(tenant)));
    const [whole, older] = tenantMemories.parse([memory, { ...memory, groups: undefined }]);
    if (!whole || !older) throw new Error('no memory');
    expect(recallTenant(whole).groups.get('pilot@contoso.com')).toEqual(new Set([person]));
    expect(recallTenant(older).groups.size).toBe(0);
  });

  it('refuses groups that are none, and changes nothing', async () => {
    const refused = await rehearsal.control('PUT', '/control/directory', {
      tenant: 'contoso',
      groups: { 'pilot@contoso.com': person },
      mailboxes: [],
    });
    expect(refused.status).toBe(400);
    const { body } = await rehearsal.control('GET', '/control/tenants/contoso');
    expect(body.groups).toEqual({});
    expect(body.mailboxes).not.toEqual([]);
  });

  it('answers for somebody who is away unless the remote domain forbids it', async () => {
    const answered = async (): Promise<boolean> => {
      const { body } = await rehearsal.control('POST', '/control/mail', {
        from: 'a@outside.example',
        to: person,
        autoReply: true,
      });
      return body.answer !== undefined;
    };
    expect(await answered()).toBe(true);
    await exchange('Set-RemoteDomain', { Identity: 'Default', AllowedOOFType: 'None' });
    await rehearsal.control('POST', '/control/clock', { advance: '2h' });
    expect(await answered()).toBe(false);
  });

  it('signs by the configuration that acts, and traces what filtering deletes', async () => {
    const { endings } = await mail({ from: person, to: 'a@outside.example', via: 'user' });
    expect(endings[0]).toMatchObject({ dkim: 'contoso.onmicrosoft.com', arc: { sealer: 'microsoft.com' } });
    await exchange('Set-HostedContentFilterPolicy', { Identity: 'Default', SpamAction: 'Delete' });
    expect((await mail({ content: 'spam' })).endings[0]).toMatchObject({ kind: 'deleted', detail: 'spam' });
    const [row] = rehearsal.world.trace.list('c0000000-0000-4000-8000-000000000001').slice(-1);
    expect(row).toMatchObject({ Status: 'FilteredAsSpam', RecipientAddress: person });
  });
});
