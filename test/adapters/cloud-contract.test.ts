import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { type ConsentDesk, createConsentDesk } from '../../src/adapters/identity/admin-consent.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import { RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import type { Directory, DirectoryTenant } from '../../src/ports/directory.ts';
import type { ExchangeOnline, ExchangeReads, ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { findComplianceCmdlet } from '../../src/rehearsal/compliance/compliance-service.ts';
import { findCmdlet } from '../../src/rehearsal/exchange/cmdlet-table.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryConsents } from '../support/memory-consents.ts';
import { RIGHTS_AT_ONCE, type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { silentLog } from '../support/silent-log.ts';

const RITA = '11111111-0000-4000-8000-000000000001';
const reads = [
  'Get-InboundConnector',
  'Get-OutboundConnector',
  'Get-TransportRule',
  'Get-AcceptedDomain',
  'Get-RemoteDomain',
  'Get-OrganizationConfig',
  'Get-HostedConnectionFilterPolicy',
  'Get-HostedContentFilterPolicy',
  'Get-TenantAllowBlockListSpoofItems',
  'Get-AntiPhishPolicy',
  'Get-DkimSigningConfig',
  'Get-ArcConfig',
] as const;

let rehearsal: RunningRehearsal;
let exchange: ExchangeOnline;
let directory: Directory;
let desk: ConsentDesk;
let ids: ReadonlyMap<string, string>;

beforeAll(async () => {
  rehearsal = await startRehearsal({ REHEARSAL_SPEED: '1000', REHEARSAL_SWITCHES: RIGHTS_AT_ONCE });
  const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const [clock, log, timeout] = [new FakeClock(), silentLog(), 10_000];
  const { authority } = config.entra;
  const { appId } = config.worker;
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const credentials = createTenantCredentials({ authority, appId, proof, log });
  exchange = createExchangeOnline({
    ...config.exchange,
    compliance: config.compliance,
    credentials,
    clock,
    log,
    timeout,
  });
  directory = createDirectory({ ...config.graph, appId, credentials, clock, log, timeout });
  desk = createConsentDesk({
    authority,
    appId,
    isRehearsal: true,
    publicUrl: () => 'http://127.0.0.1:3978',
    store: new MemoryConsents(),
    prove: (tenantId, signal) => {
      credentials.forget(tenantId);
      return credentials.token(tenantId, config.exchange.scope, signal);
    },
    clock: { now: () => new Date(), until: () => new Promise((resolve) => setTimeout(resolve, 100)) },
    log,
  });
  ids = new Map(config.tenants.map(({ name, id }) => [name, id]));
});

afterAll(() => rehearsal.stop());

function idOf(name: string): string {
  return ids.get(name) ?? 'unknown';
}

function tenant(name: string): ExchangeTenant {
  return exchange.tenant(idOf(name));
}

function directoryOf(name: string): DirectoryTenant {
  return directory.tenant(idOf(name));
}

/** An administrator opens the link and decides; the query with which Microsoft sends them back. */
async function decide(link: URL, decision: 'accept' | 'cancel'): Promise<{ query: URLSearchParams; cookies: string }> {
  const { headers } = await desk.start(link.searchParams);
  const url = headers['location'] ?? '';
  expect((await fetch(url)).status).toBe(200);
  const body = new URLSearchParams({ decision });
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  const query = new URL(response.headers.get('location') ?? '').searchParams;
  return { query, cookies: headers['set-cookie']?.split(';')[0] ?? '' };
}

describe('the cmdlet table and the simulated cloud', () => {
  it.each([...cmdletTable])('agree about %s', (name, { service, parameters }) => {
    const known = service === 'exchange' ? findCmdlet(name) : findComplianceCmdlet(name);
    expect(known?.name).toBe(name);
    const unknown = Object.keys(parameters).filter((parameter) => !(parameter in (known?.parameters ?? {})));
    expect(unknown).toEqual([]);
  });
});

describe('adapters/exchange-online against the rehearsal: every kind of object', () => {
  it.each(['contoso', 'fabrikam', 'northwind', 'adatum'])('is read and understood in %s', async (name) => {
    const lists = await tenant(name).lists(reads);
    for (const kind of reads) expect(await tenant(name).list(kind), kind).toEqual(lists[kind]);
    expect(lists['Get-HostedConnectionFilterPolicy']).toMatchObject([{ Identity: 'Default' }]);
    expect(lists['Get-AntiPhishPolicy'].some(({ IsDefault }) => IsDefault)).toBe(true);
  });

  it('takes mail-flow writes of every kind and reads them back as they were meant', async () => {
    const at = tenant('contoso');
    const name = 'Switchyard – to scanner';
    const write = (cmdlet: string, parameters: Parameters<typeof at.invoke>[0]['parameters']) =>
      at.invoke({ cmdlet, parameters });
    const outbound = {
      ConnectorType: 'Partner',
      UseMXRecord: false,
      SmartHosts: ['in.scanner.example'],
      IsTransportRuleScoped: true,
      TlsSettings: 'DomainValidation',
      TlsDomain: '*.scanner.example',
      Comment: 'ours',
    };
    await write('New-OutboundConnector', { Name: name, ...outbound });
    await visible('Get-OutboundConnector', name, outbound);
    const rule = {
      FromScope: 'NotInOrganization',
      RecipientDomainIs: ['contoso.com'],
      ExceptIfSenderIpRanges: ['192.0.2.0/24'],
      ExceptIfHeaderMatchesMessageHeader: 'X-Gateway-Verdict',
      ExceptIfHeaderMatchesPatterns: ['^secret;'],
      ExceptIfMessageTypeMatches: 'Voicemail',
      ExceptIfMessageSizeOver: '36700160',
      SetHeaderName: 'X-Gateway-Route',
      SetHeaderValue: 'tenant;in',
      RouteMessageOutboundConnector: name,
      StopRuleProcessing: true,
    };
    await write('New-TransportRule', { Name: 'Switchyard – route', ...rule, Enabled: false });
    await visible('Get-TransportRule', 'Switchyard – route', { ...rule, State: 'Disabled', Unfamiliar: [] });
    await write('Enable-TransportRule', { Identity: 'Switchyard – route' });
    await visible('Get-TransportRule', 'Switchyard – route', { State: 'Enabled' });
    await expect(write('Remove-OutboundConnector', { Identity: name, Confirm: false })).rejects.toBeInstanceOf(
      RejectedError,
    );
    await write('Remove-TransportRule', { Identity: 'Switchyard – route', Confirm: false });
    const pair = { SpoofedUser: '*', SendingInfrastructure: '65.99.255.0/24', SpoofType: 'External', Action: 'Allow' };
    await write('New-TenantAllowBlockListSpoofItems', { Identity: 'default', ...pair });
    const items = () => at.list('Get-TenantAllowBlockListSpoofItems');
    await expect.poll(async () => (await items())[0]).toMatchObject(pair);
    const [item] = await items();
    await write('Remove-TenantAllowBlockListSpoofItems', {
      Identity: 'default',
      Ids: [item?.Identity ?? ''],
      Confirm: false,
    });
    await write('Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: { Add: ['192.0.2.7'] } });
    await visible('Get-HostedConnectionFilterPolicy', 'Default', {
      IPAllowList: expect.arrayContaining(['192.0.2.7']),
    });
    await write('Set-HostedConnectionFilterPolicy', { Identity: 'Default', IPAllowList: { Remove: ['192.0.2.7'] } });
    await visible('Get-HostedConnectionFilterPolicy', 'Default', { IPAllowList: [] });
    await write('Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers: ['scanner.example'] });
    await visible('Get-ArcConfig', 'Default', { ArcTrustedSealers: ['scanner.example'] });
  });

  it('answers questions: message trace and validation of a connector', async () => {
    const [day, at] = [24 * 3600 * 1000, Date.now()];
    const span = { StartDate: new Date(at - day).toISOString(), EndDate: new Date(at).toISOString() };
    expect(await tenant('contoso').ask('Get-MessageTraceV2', span)).toEqual([]);
    const validation = { Identity: 'Switchyard – to scanner', Recipients: ['postmaster@contoso.com'] };
    const tasks = await tenant('contoso').ask('Validate-OutboundConnector', validation);
    expect(tasks.length).toBeGreaterThanOrEqual(2);
    expect(tasks.some(({ IsTaskSuccessful, Detail }) => !IsTaskSuccessful && Detail !== '')).toBe(true);
  });

  it('reaches alert policies through their region, with their own role only', async () => {
    await rehearsal.control('directory', { tenant: 'contoso', directoryRoles: ['Exchange Administrator'] }, 'PUT');
    const error: unknown = await tenant('contoso')
      .list('Get-ProtectionAlert')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TenantAccessError);
    expect(error).toMatchObject({
      reason: 'directory-role',
      next: expect.stringContaining('Compliance Administrator'),
    });
    const both = ['Exchange Administrator', 'Compliance Administrator'];
    await rehearsal.control('directory', { tenant: 'contoso', directoryRoles: both }, 'PUT');
    const alerts = await poll(() => tenant('contoso').list('Get-ProtectionAlert'));
    expect(alerts.some(({ IsSystemRule }) => IsSystemRule)).toBe(true);
  });
});

describe('adapters/graph against the rehearsal', () => {
  it('tells how far each tenant lets us in', async () => {
    expect((await directoryOf('contoso').access()).missing).toEqual([]);
    expect((await directoryOf('tailspin').access()).missing).toMatchObject([{ right: 'consent' }]);
    expect((await directoryOf('wingtip').access()).missing).toMatchObject([{ right: 'consent' }]);
  });

  it('reads domains, and the mail host of each from its records', async () => {
    const domains = await directoryOf('contoso').domains();
    expect(domains.map(({ name }) => name)).toEqual(expect.arrayContaining(['contoso.com', 'contoso.onmicrosoft.com']));
    for (const { name, receivesMail } of domains) {
      const host = await directoryOf('contoso').mailHost(name);
      if (receivesMail) expect(host).toMatch(/\.(?:protection\.outlook\.com|mx\.microsoft)$/u);
    }
  });

  it('reads message traces', async () => {
    const span = { from: new Date(Date.now() - 24 * 3600 * 1000), to: new Date() };
    expect(await directoryOf('contoso').messageTraces({ ...span, recipient: 'a@contoso.com' })).toEqual([]);
  });

  it('tells a missing trace application of Microsoft from a permission that was not granted', async () => {
    const span = { from: new Date(Date.now() - 24 * 3600 * 1000), to: new Date() };
    const refusal = (): Promise<unknown> =>
      directoryOf('fabrikam')
        .messageTraces(span)
        .catch((error: unknown) => error);
    await rehearsal.control('directory', { tenant: 'fabrikam', switches: { tracePrincipal: false } }, 'PUT');
    expect(await refusal()).toMatchObject({
      code: 'tenant-access',
      message: expect.stringContaining('although our token has the permission ExchangeMessageTrace.Read.All'),
      next: expect.stringContaining('8bd644d1-64a1-4d4b-ae52-2e0cbf64e373'),
    });
    await rehearsal.control('directory', { tenant: 'fabrikam', graphPermissions: ['Domain.Read.All'] }, 'PUT');
    expect(await refusal()).toMatchObject({
      message: expect.stringContaining('The permission ExchangeMessageTrace.Read.All of Microsoft Graph is missing'),
      next: expect.stringContaining('grant consent again'),
    });
  });

  it('reads the SPF text that Microsoft wants without the blank of its sample', async () => {
    const records = await directoryOf('contoso').serviceRecords('contoso.com');
    expect(records).toContainEqual({
      type: 'TXT',
      name: 'contoso.com',
      text: 'v=spf1 include:spf.protection.outlook.com ~all',
    });
  });

  it('says which permission is missing', async () => {
    await expect(directoryOf('contoso').addDomain('gateway.contoso.com')).rejects.toMatchObject({
      code: 'tenant-access',
      message: expect.stringContaining('Domain.ReadWrite.All'),
    });
  });
});

describe('adapters/identity/admin-consent against the rehearsal', () => {
  it('lets an administrator decline, and then consent; a token of the tenant proves it', async () => {
    const first = await desk.begin(
      { tenantId: idOf('tailspin'), requesterId: RITA, conversation: null },
      { actor: null },
    );
    const declined = await decide(first.url, 'cancel');
    expect(await desk.callback(declined.query, declined.cookies)).toMatchObject({ status: 400 });
    expect((await desk.standingOf(first.id))?.outcome).toMatchObject({ kind: 'refused' });
    const second = await desk.begin(
      { tenantId: idOf('tailspin'), requesterId: RITA, conversation: null },
      { actor: null },
    );
    const { query, cookies } = await decide(second.url, 'accept');
    expect((await desk.callback(query, cookies)).html).toContain('Consent is given');
    expect((await desk.callback(query, cookies)).html).toContain('cannot be used');
    expect((await desk.standingOf(second.id))?.outcome).toEqual({ kind: 'granted' });
    await expect(tenant('tailspin').list('Get-AcceptedDomain')).rejects.toMatchObject({ reason: 'directory-role' });
  });

  it('removes our principal, after which nothing is possible any more', async () => {
    expect(await directoryOf('adatum').removePrincipal()).toBe('removed');
    await expect.poll(async () => (await directoryOf('adatum').access()).missing.length, { timeout: 10_000 }).toBe(1);
  });
});

async function visible<C extends keyof ExchangeReads>(cmdlet: C, identity: string, fields: object): Promise<void> {
  const read = () => tenant('contoso').get(cmdlet, identity);
  await expect.poll(read, { timeout: 10_000, interval: 50 }).toMatchObject(fields);
}

/** Rights take a while to arrive. */
async function poll<Value>(read: () => Promise<Value>): Promise<Value> {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
