import { describe, expect, it } from 'vitest';
import { leastPrivilegeScript } from '../../../src/adapters/exchange-online/least-privilege.ts';
import { findCmdlet } from '../../../src/rehearsal/exchange/cmdlet-table.ts';
import { textOf, typeOf, wire } from './wire.ts';

const cloud = wire();

describe('transport configuration', () => {
  it('has the documented defaults and keeps what is set', async () => {
    const before = (await cloud.run('Get-TransportConfig')).body.value[0];
    expect(before).toMatchObject({ ClearCategories: true, DSNConversionMode: 'PreserveDSNBody' });
    const set = await cloud.run('Set-TransportConfig', { ExternalPostmasterAddress: 'postmaster@contoso.com' });
    expect(set.body.value).toEqual([]);
    const after = (await cloud.run('Get-TransportConfig')).body.value[0];
    expect(after.ExternalPostmasterAddress).toBe('postmaster@contoso.com');
  });

  it('knows nothing that only servers on premises have', async () => {
    expect(typeOf(await cloud.run('Set-TransportConfig', { MaxReceiveSize: '10MB' }))).toMatch(
      /AmbiguousParameterSet/u,
    );
  });
});

describe('New-ServicePrincipal', () => {
  const ids = {
    AppId: 'aaaaaaaa-0000-4000-8000-000000000001',
    ObjectId: 'bbbbbbbb-0000-4000-8000-000000000001',
  };

  it('makes an application known once', async () => {
    const made = await cloud.run('New-ServicePrincipal', {
      ...ids,
      ServiceId: ids.ObjectId,
      DisplayName: 'Switchyard',
    });
    expect(made.body.value[0]).toMatchObject({ ...ids, DisplayName: 'Switchyard' });
    const again = await cloud.run('New-ServicePrincipal', { ...ids, ServiceId: ids.ObjectId });
    expect(typeOf(again)).toMatch(/AlreadyExists/u);
  });

  it('runs as the script of the restricted profile has it, without ServiceId', async () => {
    const [line = ''] = leastPrivilegeScript(ids.AppId, ids.ObjectId);
    const given = [...line.matchAll(/-(\w+) '([^']*)'/gu)].map(([, name = '', value = '']) => [name, value]);
    const made = await cloud.run('New-ServicePrincipal', Object.fromEntries(given));
    expect([made.status, made.body.value[0].AppId]).toEqual([200, ids.AppId]);
  });

  it('insists on both ids', async () => {
    const { AppId } = ids;
    expect(textOf(await cloud.run('New-ServicePrincipal', { AppId }))).toMatch(/ObjectId/u);
    const wrong = await cloud.run('New-ServicePrincipal', { ...ids, AppId: 'mine', ServiceId: 'x' });
    expect(wrong.status).toBe(400);
  });
});

describe('what rules can be made of', () => {
  it('lists conditions and actions by their own names, exceptions not apart', async () => {
    const [predicates, actions] = await Promise.all(
      ['Get-TransportRulePredicate', 'Get-TransportRuleAction'].map(async (cmdlet) =>
        (await cloud.run(cmdlet)).body.value.map(({ Name }: { Name: string }) => Name),
      ),
    );
    expect(predicates).toEqual(expect.arrayContaining(['HeaderMatches', 'SenderIpRanges', 'MessageTypeMatches']));
    expect(predicates.filter((name: string) => /ExceptIf|Patterns$/u.test(name))).not.toContain('ExceptIfFrom');
    expect(actions).toEqual(expect.arrayContaining(['SetHeader', 'RejectMessage', 'RouteMessageOutboundConnector']));
    expect(actions).not.toContain('SetHeaderValue');
  });

  it('finds one by its name in any case, and says when there is none', async () => {
    const one = await cloud.run('Get-TransportRuleAction', { Name: 'deletemessage' });
    const none = await cloud.run('Get-TransportRuleAction', { Name: 'Shred' });
    expect([one.body.value.length, one.body.value[0].Name, none.status]).toEqual([1, 'DeleteMessage', 400]);
  });
});

describe('spoof intelligence insight', () => {
  const spoofed = { from: 'boss@contoso.com', to: 'info@contoso.com', via: 'internet' };

  it('counts who sends in whose name from where, until somebody decides about the pair', async () => {
    expect((await cloud.run('Get-SpoofIntelligenceInsight')).body.value).toEqual([]);
    await cloud.rehearsal.control('POST', '/control/mail', spoofed);
    await cloud.rehearsal.control('POST', '/control/mail', spoofed);
    const [row] = (await cloud.run('Get-SpoofIntelligenceInsight')).body.value;
    expect(row).toMatchObject({
      SpoofedUser: 'boss@contoso.com',
      SendingInfrastructure: '198.51.100.0/24',
      MessageCount: 2,
      SpoofType: 'Internal',
      Action: 'Block',
    });
    const pair = { SpoofedUser: '*', SendingInfrastructure: '198.51.100.0/24', SpoofType: 'Internal', Action: 'Allow' };
    await cloud.run('New-TenantAllowBlockListSpoofItems', { Identity: 'default', ...pair });
    expect((await cloud.run('Get-SpoofIntelligenceInsight')).body.value).toEqual([]);
  });
});

describe('Test-Message', () => {
  const wish = { Recipients: ['kim.berg@contoso.com'], SendReportTo: 'info@contoso.com', TransportRules: true };

  it('answers nothing and mails the report of the rules that were hit', async () => {
    await cloud.run('New-TransportRule', {
      Name: 'Stamp',
      FromScope: 'NotInOrganization',
      SetHeaderName: 'X',
      SetHeaderValue: 'y',
    });
    await cloud.advance('2h');
    const answer = await cloud.run('Test-Message', { ...wish, Sender: 'somebody@example.net' });
    expect([answer.status, answer.body.value]).toEqual([200, []]);
    const trace = (await cloud.run('Get-MessageTraceV2', { RecipientAddress: 'info@contoso.com' })).body.value;
    expect(trace).toMatchObject([{ Subject: 'Test-Message report', Status: 'Delivered' }]);
  });

  it('insists on what to test, on recipients and on a mailbox for the report', async () => {
    const { TransportRules: _, ...nothing } = wish;
    expect((await cloud.run('Test-Message', nothing)).status).toBe(400);
    expect(textOf(await cloud.run('Test-Message', { TransportRules: true }))).toMatch(/Recipients SendReportTo/u);
    expect((await cloud.run('Test-Message', { ...wish, SendReportTo: 'nobody@contoso.com' })).status).toBe(404);
  });
});

describe('the start of a session', () => {
  const banner = (host: string, authorization = '') =>
    cloud.rehearsal.send('GET', `/adminapi/beta/${cloud.id(host)}/EXOBanner('AutogenSession')?Version=3.9.0`, {
      headers: { authorization },
    });

  it('tells the regional host by a redirect, to callers with a token or without', async () => {
    const { status, headers } = await banner('proseware');
    expect(status).toBe(302);
    expect(headers['location']).toMatch(/^https:\/\/localhost:\d+\/adminapi\/beta\/.+EXOBanner/u);
  });

  it('greets where there is no region, and only with a token', async () => {
    expect((await banner('contoso')).status).toBe(401);
    const token = await cloud.rehearsal.token('contoso', 'https://outlook.office365.com/.default');
    expect((await banner('contoso', `Bearer ${token}`)).status).toBe(200);
  });

  it('names in a header the cmdlets that the roles allow', async () => {
    const token = await cloud.rehearsal.token('contoso', 'https://outlook.office365.com/.default');
    const ask = () =>
      cloud.rehearsal.send('GET', `/AdminApi/v1.0/${cloud.id('contoso')}/EXOModuleFile?Version=3.9.0`, {
        headers: { authorization: `Bearer ${token}` },
      });
    const names = String((await ask()).headers['commandname']).split(',');
    expect(names).toContain('New-InboundConnector');
    for (const name of names) expect(findCmdlet(name)).not.toBeNull();
    await cloud.directory({ directoryRoles: ['Security Reader'] });
    const fewer = String((await ask()).headers['commandname']).split(',');
    expect(fewer).toContain('Get-TransportRule');
    expect(fewer).not.toContain('Get-InboundConnector');
    expect(fewer).not.toContain('New-InboundConnector');
  });
});

describe('hosts below mx.microsoft', () => {
  it('are what Graph names, what the MX points at, and what answers', async () => {
    const records = await cloud.graph(
      'GET',
      'domains/woodgrove.example/serviceConfigurationRecords',
      undefined,
      'woodgrove',
    );
    const mx = records.body.value.find((one: { recordType: string }) => one.recordType === 'Mx').mailExchange;
    expect(mx).toBe('woodgrove-example.n-v1.mx.microsoft');
    const { dns } = cloud.rehearsal.world;
    const zone = (name: string, type: 'MX' | 'A') => dns.authority(name, type).map(({ data }) => data);
    expect(zone('woodgrove.example', 'MX')).toEqual([`0 ${mx}`]);
    expect(zone(mx, 'A')).toEqual(['127.0.0.11']);
  });
});
