import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { OBJECT_KINDS } from '../../src/rehearsal/exchange/tenant.ts';
import { PARTNER, ROUTED, wire } from './fidelity/wire.ts';
import type { Answer } from './running-rehearsal.ts';

const cloud = wire();
type Facts = Readonly<Record<string, unknown>>;

/** A write, what must be there before it, and how its effect is seen. */
interface Write {
  readonly cmdlet: string;
  readonly parameters: Facts;
  readonly before?: readonly (readonly [string, Facts])[];
}

const RULE = { Name: 'rule', SetSCL: -1 };
const ROUTE = ['New-OutboundConnector', ROUTED] as const;
const GATE = ['New-InboundConnector', PARTNER] as const;
const RULED = ['New-TransportRule', RULE] as const;
const ENTRY = { ListType: 'Sender', Entries: ['a@x.example'] };
const ENTERED = ['New-TenantAllowBlockListItems', { ...ENTRY, Block: true, Notes: 'n' }] as const;
const SPOOF = {
  Identity: 'default',
  SpoofedUser: '*',
  SendingInfrastructure: 'x.example',
  SpoofType: 'Internal',
  Action: 'Allow',
};

const ALERT = {
  Name: 'own',
  Category: 'MailFlow',
  NotifyUser: ['a@contoso.com'],
  ThreatType: 'Activity',
  AggregationType: 'None',
};
const ALERTED = ['New-ProtectionAlert', ALERT] as const;

const WRITES: readonly Write[] = [
  { cmdlet: 'New-InboundConnector', parameters: PARTNER },
  { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'gate', RequireTls: false }, before: [GATE] },
  { cmdlet: 'Remove-InboundConnector', parameters: { Identity: 'gate' }, before: [GATE] },
  { cmdlet: 'New-OutboundConnector', parameters: ROUTED },
  { cmdlet: 'Set-OutboundConnector', parameters: { Identity: 'out', Comment: 'c' }, before: [ROUTE] },
  { cmdlet: 'Remove-OutboundConnector', parameters: { Identity: 'out' }, before: [ROUTE] },
  { cmdlet: 'New-TransportRule', parameters: RULE },
  { cmdlet: 'Set-TransportRule', parameters: { Identity: 'rule', Comments: 'c' }, before: [RULED] },
  {
    cmdlet: 'Enable-TransportRule',
    parameters: { Identity: 'rule' },
    before: [['New-TransportRule', { ...RULE, Enabled: false }]],
  },
  { cmdlet: 'Disable-TransportRule', parameters: { Identity: 'rule' }, before: [RULED] },
  { cmdlet: 'Remove-TransportRule', parameters: { Identity: 'rule' }, before: [RULED] },
  { cmdlet: 'Set-AcceptedDomain', parameters: { Identity: 'contoso.com', DomainType: 'InternalRelay' } },
  { cmdlet: 'Set-RemoteDomain', parameters: { Identity: 'Default', AutoReplyEnabled: false } },
  { cmdlet: 'Set-OrganizationConfig', parameters: { RejectDirectSend: true } },
  { cmdlet: 'Set-HostedConnectionFilterPolicy', parameters: { Identity: 'Default', IPAllowList: ['65.99.255.1'] } },
  { cmdlet: 'Set-HostedContentFilterPolicy', parameters: { Identity: 'Default', BulkThreshold: 6 } },
  {
    cmdlet: 'Set-AntiPhishPolicy',
    parameters: { Identity: 'Office365 AntiPhish Default', EnableSpoofIntelligence: false },
  },
  { cmdlet: 'New-TenantAllowBlockListSpoofItems', parameters: SPOOF },
  { cmdlet: 'New-TenantAllowBlockListItems', parameters: { ...ENTRY, Block: true } },
  { cmdlet: 'Set-TenantAllowBlockListItems', parameters: { ...ENTRY, Allow: true }, before: [ENTERED] },
  { cmdlet: 'Remove-TenantAllowBlockListItems', parameters: ENTRY, before: [ENTERED] },
  { cmdlet: 'New-DkimSigningConfig', parameters: { DomainName: 'sales.contoso.com', Enabled: false } },
  { cmdlet: 'Set-DkimSigningConfig', parameters: { Identity: 'contoso.com', BodyCanonicalization: 'Simple' } },
  { cmdlet: 'Set-TenantAllowBlockListSpoofItems', parameters: { Identity: 'default', Ids: ['i'], Action: 'Block' } },
  { cmdlet: 'Remove-TenantAllowBlockListSpoofItems', parameters: { Identity: 'default', Ids: ['i'] } },
  { cmdlet: 'New-ProtectionAlert', parameters: ALERT },
  { cmdlet: 'Set-ProtectionAlert', parameters: { Identity: 'own', Disabled: true }, before: [ALERTED] },
  { cmdlet: 'Remove-ProtectionAlert', parameters: { Identity: 'own' }, before: [ALERTED] },
  { cmdlet: 'Set-ArcConfig', parameters: { Identity: 'Default', ArcTrustedSealers: ['a.example'] } },
];

const INSTEAD = [
  ['throttle', 429],
  ['throttle-with-retry-after', 429],
  ['server-error-before', 503],
  ['lost-role', 403],
  ['consent-revoked', 401],
  ['tenant-concurrency', 400],
  ['authorization-context', 400],
] as const;

function state(): string {
  const { stores } = cloud.tenant('contoso');
  return JSON.stringify(OBJECT_KINDS.map((kind) => stores[kind].stored()));
}

/** A token that outlives what the faults do. */
let token = '';
beforeAll(async () => {
  token = await cloud.rehearsal.token('contoso');
});

function whereOf(cmdlet: string): 'exchange' | 'compliance' {
  return cmdlet.endsWith('ProtectionAlert') ? 'compliance' : 'exchange';
}

function call({ cmdlet, parameters }: Write): Promise<Answer> {
  if (whereOf(cmdlet) === 'compliance') return cloud.comply(cmdlet, parameters);
  return cloud.run(cmdlet, parameters, 'contoso', { authorization: `Bearer ${token}` });
}

async function prepare({ before = [] }: Write): Promise<void> {
  await cloud.directory({ directoryRoles: ['Exchange Administrator', 'Compliance Administrator'] });
  const spoof = { ...SPOOF, Identity: 'i', SpoofedUser: 'y.example' };
  cloud.tenant('contoso').stores.spoofItems.put('i', spoof, 0, { visible: 0, effective: 0 });
  for (const [cmdlet, parameters] of before) {
    const { status, body } = await cloud.rehearsal.control('POST', '/control/exchange', {
      tenant: 'contoso',
      cmdlet,
      parameters,
    });
    expect([status, body.error]).toEqual([200, undefined]);
  }
}

describe('rehearsal/exchange: faults on every write', () => {
  it.each(WRITES.map((write) => [write.cmdlet, write] as const))(
    'keeps %s from running, or runs it',
    async (cmdlet, write) => {
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
    },
  );

  it.each(WRITES.map((write) => [write.cmdlet, write] as const))(
    'loses the answer of %s after its effect',
    async (cmdlet, write) => {
      await prepare(write);
      const untouched = state();
      await cloud.arm({ where: whereOf(cmdlet), kind: 'hang-after' });
      void call(write).catch(() => null);
      await expect
        .poll(() => cloud.rehearsal.world.journal.list({ cmdlet }).at(-1)?.outcome, { interval: 5 })
        .toBe('hang-after');
      expect(state()).not.toBe(untouched);
    },
  );

  it.each(WRITES.filter(({ cmdlet }) => !cmdlet.startsWith('Remove-')).map((write) => [write.cmdlet, write] as const))(
    'stores something else than %s asked for, and reports success',
    async (cmdlet, write) => {
      const outcomes: string[] = [];
      for (const fault of [null, { where: whereOf(cmdlet), kind: 'partial-write' }]) {
        await cloud.rehearsal.control('POST', '/control/reset', {});
        await prepare(write);
        if (fault) await cloud.arm(fault);
        expect((await call(write)).status).toBe(200);
        outcomes.push(withoutChance(state()));
      }
      // A configuration without any free text or list has nothing to lose when it is new.
      if (cmdlet !== 'New-TenantAllowBlockListItems') expect(outcomes[1]).not.toBe(outcomes[0]);
    },
  );

  it('are tried on every cmdlet that writes objects', async () => {
    const fixture = new URL('../fixtures/exchange-parameters.json', import.meta.url);
    const all = Object.keys(JSON.parse(await readFile(fixture, 'utf8'))).filter((name) => !name.startsWith('Get-'));
    const others = ['Enable-OrganizationCustomization', 'Validate-OutboundConnector'];
    expect([...WRITES.map(({ cmdlet }) => cmdlet), ...others].toSorted()).toEqual(all.toSorted());
  });

  it('spreads every write slowly to reads by identity', async () => {
    await cloud.arm({ kind: 'slow-propagation', seconds: 60, times: null });
    await cloud.run('New-TransportRule', RULE);
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
