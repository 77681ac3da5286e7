import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findCmdlet } from '../../../src/rehearsal/exchange/cmdlet-table.ts';
import { textOf, wire } from './wire.ts';

const cloud = wire();
const TAG = { '@odata.type': '#Exchange.GenericHashTable' };
const PAIR = {
  Identity: 'default',
  SpoofedUser: '*',
  SendingInfrastructure: '65.99.255.0/24',
  SpoofType: 'External',
  Action: 'Allow',
};

describe('fidelity point 11: spoof entries', () => {
  const add = (change: object = {}) => cloud.run('New-TenantAllowBlockListSpoofItems', { ...PAIR, ...change });
  const list = async (filter: Record<string, unknown> = {}) =>
    (await cloud.run('Get-TenantAllowBlockListSpoofItems', filter)).body.value;

  it('holds five properties, the Identity a GUID, and is filtered by type and action', async () => {
    await add();
    await add({ SpoofType: 'Internal', SpoofedUser: 'contoso.com' });
    const [item] = await list({ SpoofType: 'External', Action: 'Allow' });
    expect(Object.keys(item).filter((key) => !key.includes('@'))).toEqual([
      'Identity',
      'SpoofedUser',
      'SendingInfrastructure',
      'SpoofType',
      'Action',
    ]);
    expect(item.Identity).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/u);
    expect([(await list()).length, (await list({ Action: 'Block' })).length]).toEqual([2, 0]);
  });

  it.each([
    ['everybody from everywhere', { SendingInfrastructure: '*' }],
    ['a single address', { SendingInfrastructure: '65.99.255.7' }],
    ['a /25', { SendingInfrastructure: '65.99.255.0/25' }],
    ['a /23', { SendingInfrastructure: '65.99.254.0/23' }],
    ['an IPv6 network', { SendingInfrastructure: '2001:db8::/24' }],
    ['an address without a local part', { SpoofedUser: '@contoso.com' }],
    ['another type', { SpoofType: 'Both' }],
    ['no action', { Action: null }],
  ])('refuses %s', async (_case, change) => {
    expect((await add(change)).status).toBe(400);
    expect(await list()).toEqual([]);
  });

  it('refuses a pair that is there already, and takes it with the other type', async () => {
    await add();
    const [again, other] = [await add({ Action: 'Block' }), await add({ SpoofType: 'Internal' })];
    expect([again.status, other.status]).toEqual([400, 200]);
  });

  it('holds 1024 entries and no more', async () => {
    const { stores } = cloud.tenant('contoso');
    for (let index = 0; index < 1024; index += 1) {
      const Identity = `id-${index}`;
      stores.spoofItems.put(Identity, { Identity, SpoofedUser: `u${index}.example` }, 0, { visible: 0, effective: 0 });
    }
    expect(textOf(await add())).toContain('1024');
  });

  it('changes the action only, by ids, and removes by ids, under either name of the list', async () => {
    await add();
    const [{ Identity }] = await list();
    const user = await cloud.run('Set-TenantAllowBlockListSpoofItems', {
      Identity: 'default',
      Ids: [Identity],
      Action: 'Block',
      SpoofedUser: 'x',
    });
    await cloud.run('Set-TenantAllowBlockListSpoofItems', { Identity: 'default', Ids: [Identity], Action: 'Block' });
    const [changed] = await list();
    const removal = { Identity: String.raw`domain.com\Default`, Ids: [Identity] };
    const removed = await cloud.run('Remove-TenantAllowBlockListSpoofItems', removal);
    const again = await cloud.run('Remove-TenantAllowBlockListSpoofItems', removal);
    expect([user.status, changed.Action, removed.status, again.status]).toEqual([400, 'Block', 200, 404]);
    expect(await list()).toEqual([]);
  });
});

describe('fidelity point 11: the other allow and block entries', () => {
  it('adds, finds, changes and removes entries of a list', async () => {
    const until = new Date(cloud.rehearsal.world.clock.now() + 86_400_000).toISOString();
    const terms = { ListType: 'Sender', Allow: true, ExpirationDate: until, Notes: 'gateway' };
    const made = await cloud.run('New-TenantAllowBlockListItems', {
      ...terms,
      Entries: ['a@x.example', 'b@x.example'],
    });
    const twice = await cloud.run('New-TenantAllowBlockListItems', { ...terms, Entries: ['A@x.example'] });
    const both = await cloud.run('New-TenantAllowBlockListItems', { ...terms, Block: true, Entries: ['c@x.example'] });
    const change = { ListType: 'Sender', Entries: ['a@x.example'], NoExpiration: true };
    await cloud.run('Set-TenantAllowBlockListItems', change);
    await cloud.run('Remove-TenantAllowBlockListItems', { ListType: 'Sender', Ids: [made.body.value[1].Identity] });
    const { body } = await cloud.run('Get-TenantAllowBlockListItems', { ListType: 'Sender' });
    expect([made.body.value.length, twice.status, both.status]).toEqual([2, 400, 400]);
    expect(body.value).toHaveLength(1);
    expect(body.value[0]).toMatchObject({
      Value: 'a@x.example',
      Action: 'Allow',
      Notes: 'gateway',
      ExpirationDate: null,
      'LastUsedDate(DateTime])': null,
    });
  });
});

describe('fidelity point 12: the connection filter and an organisation never customised', () => {
  const set = (change: object, tenant = 'contoso') =>
    cloud.run('Set-HostedConnectionFilterPolicy', { Identity: 'Default', ...change }, tenant);

  it.each([
    ['a block of /23', ['65.99.254.0/23'], 400],
    ['a range of 257 addresses', ['65.99.254.0-65.99.255.0'], 400],
    ['a range of 256 addresses', ['65.99.255.0-65.99.255.255'], 200],
    ['an IPv6 address', ['2001:db8::1'], 400],
    ['1273 addresses', Array.from({ length: 1273 }, (_, i) => `203.0.${Math.floor(i / 250)}.${i % 250}`), 200],
    ['1274 addresses', Array.from({ length: 1274 }, (_, i) => `203.0.${Math.floor(i / 250)}.${i % 250}`), 400],
  ])('answers to %s as documented', async (_case, entries, status) => {
    const allow = await set({ IPAllowList: entries });
    const block = await set({ IPBlockList: entries });
    expect([allow.status, block.status]).toEqual([status, status]);
  });

  it('merges additions into the list', async () => {
    await set({ IPAllowList: ['65.99.255.1'] });
    await set({ IPAllowList: { ...TAG, Add: ['65.99.255.2'] } });
    const { body } = await cloud.run('Get-HostedConnectionFilterPolicy', { Identity: 'Default' });
    expect(body.value[0]).toMatchObject({ IsDefault: true, IPAllowList: ['65.99.255.1', '65.99.255.2'] });
  });

  it('refuses policies until the organisation has been customised and an hour after, once only', async () => {
    const before = await set({ IPAllowList: [] }, 'woodgrove');
    const phish = { Identity: 'Office365 AntiPhish Default', EnableSpoofIntelligence: false };
    const policy = await cloud.run('Set-AntiPhishPolicy', phish, 'woodgrove');
    const first = await cloud.run('Enable-OrganizationCustomization', {}, 'woodgrove');
    const early = await set({ IPAllowList: [] }, 'woodgrove');
    await cloud.advance('61m');
    const late = await set({ IPAllowList: [] }, 'woodgrove');
    const second = await cloud.run('Enable-OrganizationCustomization', {}, 'woodgrove');
    const { body } = await cloud.run('Get-OrganizationConfig', {}, 'woodgrove');
    expect([before, policy, first, early, late, second].map(({ status }) => status)).toEqual([
      400, 400, 200, 400, 200, 400,
    ]);
    expect(textOf(before)).toContain('Enable-OrganizationCustomization');
    expect(body.value[0]).toMatchObject({ IsDehydrated: false, RejectDirectSend: null });
  });
});

describe('fidelity point 13: signing, sealers and direct send', () => {
  const config = async (domain = 'contoso.com', tenant = 'contoso') =>
    (await cloud.run('Get-DkimSigningConfig', { Identity: domain }, tenant)).body.value[0];
  const publish = async (domain: string, selector: string, target: string) =>
    cloud.rehearsal.world.dns.set(`${selector}._domainkey.${domain}`, 'CNAME', [{ data: target }], true);

  it('enables signing once both aliases lead where they must', async () => {
    const { Selector1CNAME, Selector2CNAME } = await config();
    const enable = () => cloud.run('Set-DkimSigningConfig', { Identity: 'contoso.com', Enabled: true });
    const statuses = [(await enable()).status];
    await publish('contoso.com', 'selector1', Selector1CNAME);
    statuses.push((await enable()).status);
    await publish('contoso.com', 'selector2', 'elsewhere.example');
    statuses.push((await enable()).status);
    const missing = (await config()).Status;
    await publish('contoso.com', 'selector2', `${Selector2CNAME}.`);
    const valid = (await config()).Status;
    statuses.push((await enable()).status);
    expect(statuses).toEqual([400, 400, 400, 200]);
    expect([missing, valid, (await config()).Enabled]).toEqual(['CnameMissing', 'Valid', true]);
  });

  it('makes keys at the first attempt to enable a configuration that has none', async () => {
    const domain = 'lucerne.example';
    const target = 'selector1-lucerne-example._domainkey.lucerne.onmicrosoft.com';
    const key = () => cloud.rehearsal.world.dns.authority(target, 'TXT').length;
    const enable = () => cloud.run('Set-DkimSigningConfig', { Identity: domain, Enabled: true }, 'lucerne');
    const before = await config(domain, 'lucerne');
    const keysBefore = key();
    const refused = await enable();
    const after = await config(domain, 'lucerne');
    expect(before).toMatchObject({
      Enabled: false,
      Status: 'NoDKIMKeys',
      Selector1CNAME: target,
      KeyCreationTime: null,
    });
    expect([keysBefore, refused.status, textOf(refused), key()]).toEqual([0, 400, expect.stringContaining(target), 1]);
    expect(after).toMatchObject({ Enabled: false, Status: 'CnameMissing', Selector1KeySize: 1024 });
    await publish(domain, 'selector1', target);
    await publish(domain, 'selector2', String(after.Selector2CNAME));
    expect([(await enable()).status, (await config(domain, 'lucerne')).Status]).toEqual([200, 'Valid']);
  });

  it('needs New for a domain without a configuration, which warns while aliases are missing', async () => {
    const domain = 'sales.contoso.com';
    const early = await cloud.run('Set-DkimSigningConfig', { Identity: domain, Enabled: true });
    const made = await cloud.run('New-DkimSigningConfig', { DomainName: domain, Enabled: true, KeySize: 2048 });
    const twice = await cloud.run('New-DkimSigningConfig', { DomainName: domain, Enabled: false });
    const foreign = await cloud.run('New-DkimSigningConfig', { DomainName: 'x.example', Enabled: false });
    expect([early.status, made.status, twice.status, foreign.status]).toEqual([404, 200, 400, 400]);
    expect(made.body['@adminapi.warnings'][0]).toContain('selector1-sales-contoso-com._domainkey');
    expect(made.body.value[0]).toMatchObject({ Enabled: false, Status: 'CnameMissing', Selector1KeySize: 2048 });
  });

  it('names targets in the old form or the new one, with a key record behind them', async () => {
    const [old, fresh] = [await config(), await config('woodgrove.example', 'woodgrove')];
    expect(old.Selector1CNAME).toBe('selector1-contoso-com._domainkey.contoso.onmicrosoft.com');
    expect(fresh.Selector2CNAME).toBe('selector2-woodgrove-example._domainkey.woodgrove.n-v1.dkim.mail.microsoft');
    const [record] = cloud.rehearsal.world.dns.authority(fresh.Selector2CNAME, 'TXT');
    const key = Buffer.from(/p=([^;]+)/u.exec(record?.data ?? '')?.[1] ?? '', 'base64');
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'der', type: 'spki' });
    expect([record?.data, asymmetricKeyDetails?.modulusLength]).toEqual([fresh.Selector2PublicKey, 2048]);
  });

  it('replaces the list of sealers', async () => {
    for (const ArcTrustedSealers of [['a.example', 'b.example'], 'c.example,d.example']) {
      await cloud.run('Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers });
    }
    const merged = await cloud.run('Set-ArcConfig', { Identity: 'Default', ArcTrustedSealers: { ...TAG, Add: 'e' } });
    const { body } = await cloud.run('Get-ArcConfig');
    expect([merged.status, body.value[0].ArcTrustedSealers]).toEqual([400, ['c.example', 'd.example']]);
  });

  it('gives every documented setting of the organisation, untouched ones with their documented values', async () => {
    await cloud.run('Set-OrganizationConfig', { LinkPreviewEnabled: false, Force: true });
    const [config] = (await cloud.run('Get-OrganizationConfig')).body.value;
    const documented = findCmdlet('Set-OrganizationConfig')?.parameters ?? {};
    const actions = Object.keys(documented).filter((name) => !(name in config));
    expect(actions.toSorted()).toEqual(['Confirm', 'Force', 'WhatIf']);
    expect(config).toMatchObject({
      LinkPreviewEnabled: false,
      AsyncSendEnabled: true,
      AuditDisabled: false,
      ActivityBasedAuthenticationTimeoutInterval: '06:00:00',
      MailTipsLargeAudienceThreshold: 25,
      EwsEnabled: null,
    });
  });

  it('keeps direct send undecided, on or off', async () => {
    const read = async () => (await cloud.run('Get-OrganizationConfig', {}, 'lucerne')).body.value[0].RejectDirectSend;
    const seen = [await read()];
    for (const RejectDirectSend of [true, false, null]) {
      await cloud.run('Set-OrganizationConfig', { RejectDirectSend }, 'lucerne');
      seen.push(await read());
    }
    expect(seen.slice(0, 3)).toEqual([null, true, false]);
  });
});

describe('fidelity point 13: the other policies', () => {
  it('changes the default anti-phish policy, refuses presets and levels out of range', async () => {
    const Identity = 'Office365 AntiPhish Default';
    const changed = await cloud.run('Set-AntiPhishPolicy', { Identity, EnableSpoofIntelligence: false });
    const level = await cloud.run('Set-AntiPhishPolicy', { Identity, PhishThresholdLevel: 5 });
    const { body } = await cloud.run('Get-AntiPhishPolicy');
    const preset = body.value.find(({ RecommendedPolicyType: type }: Record<string, unknown>) => type === 'Standard');
    const refused = await cloud.run('Set-AntiPhishPolicy', { Identity: preset.Name, Enabled: false });
    expect([changed.status, level.status, refused.status]).toEqual([200, 400, 400]);
    expect(preset.Name).toMatch(/^Standard Preset Security Policy\d+$/u);
    expect(body.value.find(({ Name }: Record<string, unknown>) => Name === Identity)).toMatchObject({
      EnableSpoofIntelligence: false,
      IsDefault: true,
      HonorDmarcPolicy: true,
    });
  });

  it('changes the content filter and the remote domain for everybody', async () => {
    await cloud.run('Set-HostedContentFilterPolicy', { Identity: 'Default', AllowedSenderDomains: ['x.example'] });
    await cloud.run('Set-RemoteDomain', { Identity: 'Default', AllowedOOFType: 'ExternalLegacy' });
    const filter = await cloud.run('Get-HostedContentFilterPolicy');
    const remote = await cloud.run('Get-RemoteDomain', { Identity: 'Default' });
    expect(filter.body.value[0]).toMatchObject({ AllowedSenderDomains: ['x.example'], BulkThreshold: 7 });
    expect(remote.body.value[0]).toMatchObject({ DomainName: '*', AllowedOOFType: 'ExternalLegacy' });
  });
});
