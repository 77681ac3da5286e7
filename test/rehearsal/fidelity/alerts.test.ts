import { beforeEach, describe, expect, it } from 'vitest';
import { textOf, wire } from './wire.ts';

const cloud = wire();
const OVERRIDE = 'Phish delivered due to an ETR override';
const OWN = { Name: 'own', Category: 'MailFlow', NotifyUser: ['a@contoso.com'], ThreatType: 'Activity' };

beforeEach(async () => {
  await cloud.directory({ directoryRoles: ['Exchange Administrator', 'Security Administrator'] });
});

describe('fidelity point 15: alert policies', () => {
  it('has the built-in ones, which are read-only unless the switch says otherwise', async () => {
    const { body } = await cloud.comply('Get-ProtectionAlert', { Identity: OVERRIDE });
    const off = { Identity: OVERRIDE, Disabled: true };
    const refused = await cloud.comply('Set-ProtectionAlert', off);
    const removed = await cloud.comply('Remove-ProtectionAlert', { Identity: OVERRIDE });
    await cloud.directory({ switches: { builtInAlertsEditable: true } });
    const changed = await cloud.comply('Set-ProtectionAlert', off);
    const after = await cloud.comply('Get-ProtectionAlert', { Identity: OVERRIDE });
    expect(body.value[0]).toMatchObject({ IsSystemRule: true, Severity: 'Informational', Disabled: false });
    expect([refused.status, removed.status, changed.status]).toEqual([400, 400, 200]);
    expect(textOf(refused)).toContain('built-in');
    expect(after.body.value[0].Disabled).toBe(true);
  });

  it('takes new ones without aggregation, or with a licence and high enough numbers', async () => {
    const plain = await cloud.comply('New-ProtectionAlert', { ...OWN, AggregationType: 'None' });
    const unlicensed = await cloud.comply('New-ProtectionAlert', { ...OWN, Name: 'second' });
    await cloud.directory({ switches: { alertLicence: true } });
    const few = await cloud.comply('New-ProtectionAlert', { ...OWN, Name: 'third', Threshold: 2, TimeWindow: 60 });
    const enough = await cloud.comply('New-ProtectionAlert', { ...OWN, Name: 'fourth', Threshold: 3, TimeWindow: 60 });
    const changed = await cloud.comply('Set-ProtectionAlert', { Identity: 'own', Disabled: true });
    const removed = await cloud.comply('Remove-ProtectionAlert', { Identity: 'own', Confirm: false });
    expect([plain, unlicensed, few, enough, changed, removed].map(({ status }) => status)).toEqual([
      200, 400, 400, 200, 200, 200,
    ]);
  });

  it('takes custom properties as a hash table, and shows them nowhere', async () => {
    const of = (CustomProperties: object) =>
      cloud.comply('New-ProtectionAlert', { ...OWN, AggregationType: 'None', CustomProperties });
    const untagged = await of({ Team: 'mail' });
    const tagged = await of({ '@odata.type': '#Exchange.GenericHashTable', Team: 'mail' });
    expect([untagged.status, tagged.status]).toEqual([400, 200]);
    expect(textOf(untagged)).toContain('JObject');
    expect(tagged.body.value[0]).not.toHaveProperty('CustomProperties');
  });

  it('writes dates in the oldest form, or as Exchange does', async () => {
    const older = await cloud.comply('Get-ProtectionAlert', { Identity: OVERRIDE });
    await cloud.directory({ switches: { olderAlertDates: false } });
    const usual = await cloud.comply('Get-ProtectionAlert', { Identity: OVERRIDE });
    expect(older.body.value[0].WhenCreated).toMatch(/^\/Date\(\d+\)\/$/u);
    expect(usual.body.value[0].WhenCreated).toMatch(/\+00:00$/u);
  });

  it('is unknown to Exchange, as Exchange’s cmdlets are here', async () => {
    const there = await cloud.run('Get-ProtectionAlert');
    const here = await cloud.comply('Get-InboundConnector');
    expect([there.status, there.headers['content-encoding'], here.status]).toEqual([403, 'gzip', 403]);
    expect(here.body.error.message).toContain('role definition');
  });

  it('plays its own faults and writes its own journal', async () => {
    await cloud.arm({ where: 'compliance', kind: 'throttle' });
    const busy = await cloud.comply('Get-ProtectionAlert');
    expect(busy.status).toBe(429);
    expect(cloud.rehearsal.world.journal.list({ where: 'compliance' }).at(-1)).toMatchObject({
      cmdlet: 'Get-ProtectionAlert',
      outcome: 'throttle',
      tenantName: 'contoso',
    });
  });
});
