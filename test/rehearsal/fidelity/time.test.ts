import { describe, expect, it } from 'vitest';
import type { ObjectKind } from '../../../src/rehearsal/exchange/tenant.ts';
import { PARTNER, ROUTED, wire } from './wire.ts';

const cloud = wire();

describe('fidelity point 16: reading after writing', () => {
  it('hides new objects and shows removed ones in reads by identity for a while; lists know at once', async () => {
    await cloud.directory({ switches: { visibleAfterSeconds: 300 } });
    await cloud.run('New-InboundConnector', PARTNER);
    const get = () => cloud.run('Get-InboundConnector', { Identity: 'gate' });
    const list = async () => (await cloud.run('Get-InboundConnector')).body.value.length;
    const change = () => cloud.run('Set-InboundConnector', { Identity: 'gate', RequireTls: false });
    const hidden = [(await get()).status, (await change()).status, await list()];
    await cloud.advance('301s');
    const there = [(await get()).status, (await change()).status, await list()];
    const stale = (await get()).body.value[0].RequireTls;
    await cloud.advance('301s');
    await cloud.run('Remove-InboundConnector', { Identity: 'gate' });
    const lingering = [(await get()).status, await list()];
    await cloud.advance('301s');
    const gone = [(await get()).status, await list()];
    expect([hidden, there, stale, lingering, gone]).toEqual([[404, 404, 1], [200, 200, 1], true, [200, 0], [404, 0]]);
  });
});

describe('fidelity point 17: from stored to effective', () => {
  const spoof = { SpoofedUser: '*', SendingInfrastructure: '65.99.255.0/24', SpoofType: 'External', Action: 'Allow' };

  it.each<[ObjectKind, number, string, Record<string, unknown>]>([
    ['inboundConnectors', 120, 'New-InboundConnector', PARTNER],
    ['outboundConnectors', 120, 'New-OutboundConnector', ROUTED],
    ['transportRules', 1800, 'New-TransportRule', { Name: 'rule', SetSCL: -1 }],
    ['spoofItems', 300, 'New-TenantAllowBlockListSpoofItems', { Identity: 'default', ...spoof }],
    [
      'connectionFilters',
      3600,
      'Set-HostedConnectionFilterPolicy',
      { Identity: 'Default', IPAllowList: ['65.99.255.1'] },
    ],
    [
      'connectionFilters',
      14_400,
      'Set-HostedConnectionFilterPolicy',
      { Identity: 'Default', IPBlockList: ['65.99.255.1'] },
    ],
    ['organizationConfig', 120, 'Set-OrganizationConfig', { RejectDirectSend: true }],
    ['arcConfigs', 300, 'Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers: ['a.example'] }],
    ['acceptedDomains', 120, 'Set-AcceptedDomain', { Identity: 'contoso.com', DomainType: 'InternalRelay' }],
  ])('lets changes of %s act after %i seconds', async (kind, seconds, cmdlet, parameters) => {
    const { clock } = cloud.rehearsal.world;
    const contoso = cloud.tenant('contoso');
    const acting = () => JSON.stringify(contoso.effective(kind, clock.now()));
    const before = acting();
    expect((await cloud.run(cmdlet, parameters)).status).toBe(200);
    const stored = JSON.stringify(contoso.stores[kind].stored());
    await cloud.advance(`${seconds - 20}s`);
    const early = acting();
    await cloud.advance('20s');
    expect([early === before, acting() === stored, stored === before]).toEqual([true, true, false]);
  });

  it('lets an address that is allowed later not hasten one that is blocked', async () => {
    const set = (lists: object) => cloud.run('Set-HostedConnectionFilterPolicy', { Identity: 'Default', ...lists });
    const { clock } = cloud.rehearsal.world;
    const blocked = () => cloud.tenant('contoso').effective('connectionFilters', clock.now())[0]?.['IPBlockList'];
    await set({ IPBlockList: ['192.0.2.9'] });
    await cloud.advance('30m');
    await set({ IPAllowList: ['65.99.255.1'] });
    await cloud.advance('2h');
    const early = blocked();
    await cloud.advance('3h');
    expect([early, blocked()]).toEqual([[], ['192.0.2.9']]);
  });

  it('takes connectors and rules as long as the tenant’s switches say', async () => {
    await cloud.directory({ switches: { connectorSeconds: 3600, ruleSeconds: 7200 } });
    await cloud.run('New-InboundConnector', PARTNER);
    await cloud.run('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const { clock } = cloud.rehearsal.world;
    const acting = () =>
      (['inboundConnectors', 'transportRules'] as const).map(
        (kind) => cloud.tenant('contoso').effective(kind, clock.now()).length,
      );
    await cloud.advance('59m');
    const early = acting();
    await cloud.advance('2m');
    const connector = acting();
    await cloud.advance('1h');
    expect([early, connector, acting()]).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });

  it('says when a change will act', async () => {
    await cloud.run('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const { body } = await cloud.rehearsal.control('GET', '/control/tenants/contoso');
    const [{ storedAt, effectiveAt, isEffective }] = body.transportRules;
    expect([isEffective, Date.parse(effectiveAt) - Date.parse(storedAt)]).toEqual([false, 1_800_000]);
  });
});
