import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningRehearsal, runningRehearsal } from '../running-rehearsal.ts';

let rehearsal: RunningRehearsal;
beforeAll(async () => {
  rehearsal = await runningRehearsal();
});
afterAll(() => rehearsal.stop());
beforeEach(() => rehearsal.control('POST', '/control/reset', {}));

const person = 'postmaster@contoso.com';
const hash = 'ab'.repeat(32);

async function exchange(cmdlet: string, parameters: object): Promise<void> {
  const { status } = await rehearsal.control('POST', '/control/exchange', { tenant: 'contoso', cmdlet, parameters });
  expect(status).toBe(200);
}

/** What became of a message once everything written so far acts: `quarantined: blocked link`. */
async function ends(facts: object): Promise<string[]> {
  await rehearsal.control('POST', '/control/clock', { advance: '5h' });
  const mail = { from: 'a@sender.example', to: person, ...facts };
  const { status, body } = await rehearsal.control('POST', '/control/mail', mail);
  expect(status).toBe(200);
  const outcomes: { kind: string; detail: string }[] = body.outcomes;
  return outcomes.map(({ kind, detail }) => [kind, detail].filter((word) => word !== '').join(': '));
}

describe('rehearsal/mail-flow, filters that cmdlets write', () => {
  it('blocks senders, links and files of the Tenant Allow/Block List', async () => {
    const common = { NoExpiration: true, Block: true };
    await exchange('Set-HostedContentFilterPolicy', { Identity: 'Default', HighConfidenceSpamAction: 'Quarantine' });
    await exchange('New-TenantAllowBlockListItems', { ...common, ListType: 'Sender', Entries: ['bad.example'] });
    await exchange('New-TenantAllowBlockListItems', { ...common, ListType: 'Url', Entries: ['bad.example'] });
    await exchange('New-TenantAllowBlockListItems', { ...common, ListType: 'FileHash', Entries: [hash] });
    expect(await ends({ from: 'x@bad.example' })).toEqual(['quarantined: sender on the block list']);
    expect(await ends({ urls: ['https://bad.example/a'] })).toEqual(['quarantined: blocked link']);
    expect(await ends({ files: [hash] })).toEqual(['quarantined: blocked file']);
    expect(await ends({ urls: ['https://good.example/'] })).toEqual(['inbox']);
    expect(await ends({ from: person, to: 'x@bad.example', via: 'user' })).toEqual([
      expect.stringMatching(/^refused: 550 5\.7\.703 /u),
    ]);
  });

  it('protects people who are named in the anti-phishing policy', async () => {
    await exchange('Set-AntiPhishPolicy', {
      Identity: 'Office365 AntiPhish Default',
      EnableTargetedUserProtection: true,
      TargetedUsersToProtect: [`The Boss;${person}`],
      TargetedUserProtectionAction: 'Quarantine',
    });
    expect(await ends({ resembles: person })).toEqual(['quarantined: user impersonation']);
    expect(await ends({})).toEqual(['inbox']);
  });

  it('keeps to domains that are switched off, and to remote domains that forbid forwarding', async () => {
    await exchange('Set-RemoteDomain', { Identity: 'Default', AutoForwardEnabled: false });
    const forward = { from: person, to: 'a@outside.example', via: 'user', messageType: 'AutoForward' };
    expect(await ends(forward)).toEqual(['deleted: automatic forwarding to outside.example is off']);
    const [row] = rehearsal.world.trace.list('c0000000-0000-4000-8000-000000000001').slice(-1);
    expect(row).toMatchObject({ Status: 'Failed', RecipientAddress: 'a@outside.example' });
    await exchange('Set-AcceptedDomain', { Identity: 'contoso.com', SendingToDomainDisabled: true });
    expect(await ends({})).toEqual([expect.stringContaining('sending to this domain is disabled')]);
    await exchange('Set-AcceptedDomain', { Identity: 'contoso.com', SendingFromDomainDisabled: true });
    expect(await ends({ ...forward, messageType: 'Signed' })).toEqual([
      expect.stringContaining('sending from this domain is disabled'),
    ]);
  });

  it('asks what the destination demands of its mail hosts, and forgets it again', async () => {
    await rehearsal.control('PUT', '/control/dns', {
      domain: 'northwind.example',
      mx: 'mail.northwind.example',
      fresh: true,
    });
    const leaving = { from: person, to: 'a@northwind.example', via: 'user' };
    const set = async (change: object): Promise<number> =>
      (await rehearsal.control('PUT', '/control/smtp', change)).status;
    const whole = await ends(leaving);
    expect(await set({ mtaSts: { 'northwind.example': { mode: 'enforce', mx: ['other.example'] } } })).toBe(200);
    expect(await ends(leaving)).toEqual([expect.stringContaining('does not list mail.northwind.example')]);
    expect(await set({ mtaSts: { 'northwind.example': null }, dane: { 'mail.northwind.example': 'expired' } })).toBe(
      200,
    );
    expect(await ends(leaving)).toEqual([expect.stringContaining('4.7.322')]);
    const { body } = await rehearsal.control('GET', '/control/smtp');
    expect([body.mtaSts, body.dane]).toEqual([{}, { 'mail.northwind.example': 'expired' }]);
    expect(await set({ dane: { 'mail.northwind.example': null } })).toBe(200);
    expect(await ends(leaving)).toEqual(whole);
    expect(await set({ dane: { 'mail.northwind.example': 'good' } })).toBe(400);
    expect(await set({ mtaSts: { 'northwind.example': { mode: 'strict', mx: [] } } })).toBe(400);
  });
});
