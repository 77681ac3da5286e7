import { describe, expect, it } from 'vitest';
import { cmdletTable } from '../../src/adapters/exchange-online/cmdlet-table.ts';
import { protectionAlertCmdlets } from '../../src/rehearsal/compliance/protection-alert.ts';
import { cmdletNames } from '../../src/rehearsal/exchange/cmdlet-table.ts';
import { READS, type Sample, WRITES } from './cmdlet-samples.ts';
import { PARTNER } from './fidelity/wire.ts';
import { INSTEAD, sampledCloud, whereOf } from './sampled-cloud.ts';

const { cloud, call, prepare, state, visible } = sampledCloud();

const named = (samples: readonly Sample[]): (readonly [string, Sample])[] =>
  samples.map((sample) => [sample.cmdlet, sample]);
const STORING = WRITES.filter(({ cmdlet }) => cmdlet !== 'Test-Message');
const FILLING = STORING.filter(({ cmdlet }) => !cmdlet.startsWith('Remove-'));

/** They have nothing to lose: an object that is new and has no free text or list, and a mark. */
const CANNOT_LOSE = ['New-TenantAllowBlockListItems', 'Enable-OrganizationCustomization'];

describe('rehearsal/exchange: faults on every write', () => {
  it.each(named(WRITES))('keeps %s from running, or runs it', async (cmdlet, write) => {
    await prepare(write);
    const where = whereOf(cmdlet);
    const untouched = state();
    for (const [kind, status] of INSTEAD) {
      await cloud.arm({ where, kind, match: { cmdlet } });
      expect([kind, (await call(write)).status, state() === untouched]).toEqual([kind, status, true]);
    }
    await cloud.arm({ where, kind: 'server-error-after', status: 504, match: { cmdlet } });
    const after = await call(write);
    expect([after.status, state() === untouched]).toEqual([504, false]);
    expect(cloud.rehearsal.world.faults.list()).toEqual([]);
  });

  it.each(named(WRITES))('loses the answer of %s after its effect', async (cmdlet, write) => {
    await prepare(write);
    const untouched = state();
    await cloud.arm({ where: whereOf(cmdlet), kind: 'hang-after' });
    void call(write).catch(() => null);
    await expect
      .poll(() => cloud.rehearsal.world.journal.list({ cmdlet }).at(-1)?.outcome, { interval: 5 })
      .toBe('hang-after');
    expect(state()).not.toBe(untouched);
  });

  it.each(named(FILLING))('stores something else than %s asked for, and reports success', async (cmdlet, write) => {
    const outcomes: string[] = [];
    for (const fault of [null, { where: whereOf(cmdlet), kind: 'partial-write' }]) {
      await cloud.rehearsal.control('POST', '/control/reset', {});
      await prepare(write);
      if (fault) await cloud.arm(fault);
      expect((await call(write)).status).toBe(200);
      outcomes.push(withoutChance(state()));
    }
    if (!CANNOT_LOSE.includes(cmdlet)) expect(outcomes[1]).not.toBe(outcomes[0]);
  });

  it.each(named(FILLING))('stores another value than the one that %s gave', async (cmdlet, write) => {
    await prepare(write);
    const property = 'AdminDisplayName';
    await cloud.arm({ where: whereOf(cmdlet), kind: 'normalised-value', property, value: 'not as asked' });
    expect([(await call(write)).status, state().includes('"not as asked"')]).toEqual([200, true]);
  });

  it.each(named(WRITES.filter(({ parameters }) => 'SenderIPAddresses' in parameters || 'IPAllowList' in parameters)))(
    'stores the addresses of %s in another spelling',
    async (cmdlet, write) => {
      await prepare(write);
      const address = Object.values(write.parameters)
        .flat()
        .map(String)
        .find((value) => value.startsWith('65.'));
      await cloud.arm({ where: whereOf(cmdlet), kind: 'normalised-value' });
      await call(write);
      expect(state()).toContain(address?.includes('/') ? `"${address}"` : `"${address}/32"`);
    },
  );

  it.each(named(STORING))('lets reads by identity see %s a minute later', async (cmdlet, write) => {
    await prepare(write);
    const [untouched, before] = [state(), visible()];
    await cloud.arm({ where: whereOf(cmdlet), kind: 'slow-propagation', seconds: 60 });
    expect((await call(write)).status).toBe(200);
    expect([state() === untouched, visible() === before]).toEqual([false, true]);
    await cloud.advance('61s');
    expect(visible()).not.toBe(before);
  });

  it('are tried on every cmdlet that changes something, and on every other one', () => {
    const all = [...cmdletNames, ...protectionAlertCmdlets.map(({ name }) => name)].toSorted();
    expect([...WRITES, ...READS].map(({ cmdlet }) => cmdlet).toSorted()).toEqual(all);
    expect([...cmdletTable.keys()].filter((cmdlet) => !all.includes(cmdlet))).toEqual([]);
  });

  it('spreads every write slowly to reads by identity', async () => {
    await cloud.arm({ kind: 'slow-propagation', seconds: 60, times: null });
    await cloud.run('New-TransportRule', { Name: 'rule', SetSCL: -1 });
    const early = await cloud.run('Set-TransportRule', { Identity: 'rule', Comments: 'c' });
    await cloud.advance('61s');
    const late = await cloud.run('Set-TransportRule', { Identity: 'rule', Comments: 'c' });
    expect([early.status, late.status]).toEqual([404, 200]);
  });
});

/** Without Guids, targets and times, which differ between two runs. */
function withoutChance(text: string): string {
  return text.replaceAll(
    /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\/Date\(\d+\)\/|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/gu,
    '',
  );
}

describe('rehearsal/exchange: rights lost at the k-th call', () => {
  const statuses = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let call = 0; call < count; call += 1) seen.push((await cloud.run('Get-AcceptedDomain')).status);
    return seen;
  };

  it('takes the role away for good', async () => {
    await cloud.arm({ kind: 'lost-role', after: 2, lasting: true });
    expect(await statuses(4)).toEqual([200, 200, 403, 403]);
    expect((await cloud.rehearsal.control('GET', '/control/tenants/contoso')).body.directoryRoles).toEqual([]);
  });

  it('takes consent away for good, also for tokens', async () => {
    await cloud.arm({ kind: 'consent-revoked', after: 1, lasting: true });
    expect(await statuses(3)).toEqual([200, 401, 401]);
    expect(await cloud.rehearsal.token('contoso')).toBe('undefined');
  });
});

describe('rehearsal/exchange: a colleague at the worst moment', () => {
  const GONE = { cmdlet: 'Remove-InboundConnector', parameters: { Identity: 'gate' } };

  it('acts right before the k-th call that matches', async () => {
    await cloud.run('New-InboundConnector', PARTNER);
    const match = { cmdlet: 'Set-InboundConnector' };
    await cloud.arm({ kind: 'colleague', when: 'before', after: 1, match, run: GONE });
    const set = () => cloud.run('Set-InboundConnector', { Identity: 'gate', RequireTls: false });
    expect([(await set()).status, (await set()).status]).toEqual([200, 404]);
    const [theirs] = cloud.rehearsal.world.journal.list({ cmdlet: 'Remove-InboundConnector' });
    expect(theirs).toMatchObject({ by: 'admin@contoso.onmicrosoft.com', outcome: 'ok' });
  });

  it('acts right after a call, whose answer knows nothing of it', async () => {
    const run = {
      cmdlet: 'set-inboundconnector',
      parameters: { Identity: 'gate', SenderIPAddresses: ['192.0.2.0/24'] },
    };
    await cloud.arm({ kind: 'colleague', when: 'after', run });
    const made = await cloud.run('New-InboundConnector', PARTNER);
    const { body } = await cloud.run('Get-InboundConnector', { Identity: 'gate' });
    expect(made.body.value[0].SenderIPAddresses).toEqual(['65.99.255.0/24']);
    expect(body.value[0].SenderIPAddresses).toEqual(['192.0.2.0/24']);
  });

  it('is refused as a fault without a cmdlet', async () => {
    expect((await cloud.arm({ kind: 'colleague' })).status).toBe(400);
  });
});
