import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import { RejectedError, TenantAccessError, UnknownOutcomeError } from '../../src/core/errors.ts';
import type { ExchangeOnline, ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { RIGHTS_AT_ONCE, type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { silentLog } from '../support/silent-log.ts';

interface JournalEntry {
  readonly where: string;
  readonly cmdlet?: string;
  readonly parameters?: unknown;
  readonly tenant?: string;
  readonly tenantOfToken?: string;
  readonly outcome: string;
}

const fields = {
  ConnectorType: 'Partner',
  Enabled: false,
  SenderDomains: ['*'],
  SenderIPAddresses: ['198.51.100.7', '203.0.113.0/24'],
  RequireTls: true,
  RestrictDomainsToIPAddresses: true,
  EFSkipIPs: ['198.51.100.7', '203.0.113.0/24'],
  EFSkipLastIP: false,
  Comment: 'set up by a test – ü',
};

let rehearsal: RunningRehearsal;
let exchange: ExchangeOnline;
let ids: ReadonlyMap<string, string>;
let sequence = 0;

beforeAll(async () => {
  rehearsal = await startRehearsal({ REHEARSAL_SPEED: '1000', REHEARSAL_SWITCHES: RIGHTS_AT_ONCE });
  const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const { authority } = config.entra;
  const credentials = createTenantCredentials({ authority, appId: config.worker.appId, proof, log: silentLog() });
  const timeout = 3000;
  exchange = createExchangeOnline({
    ...config.exchange,
    compliance: config.compliance,
    credentials,
    clock: new FakeClock(),
    log: silentLog(),
    timeout,
  });
  ids = new Map(config.tenants.map(({ name, id }) => [name, id]));
});

afterAll(() => rehearsal.stop());

beforeEach(() => {
  sequence += 1;
});

function tenant(name: string): ExchangeTenant {
  return exchange.tenant(ids.get(name) ?? 'unknown');
}

function connectorName(): string {
  return `Switchyard – test ${sequence}`;
}

async function create(name: string): Promise<void> {
  await tenant('contoso').invoke({ cmdlet: 'New-InboundConnector', parameters: { Name: name, ...fields } });
}

async function written(name: string): Promise<readonly JournalEntry[]> {
  const entries = (await rehearsal.control('journal?cmdlet=New-InboundConnector&where=exchange')) as JournalEntry[];
  return entries.filter(({ parameters }) => JSON.stringify(parameters).includes(`"${name}"`));
}

/** A new object is not seen by its name at once. */
async function readBack(name: string) {
  return expect.poll(() => tenant('contoso').get('Get-InboundConnector', name), { timeout: 10_000, interval: 50 });
}

describe('adapters/exchange-online against the rehearsal', () => {
  it('writes a connector and reads it back as it was meant', async () => {
    const name = connectorName();
    await create(name);
    await (await readBack(name)).toMatchObject({ Name: name, ...fields });
    const all = await tenant('contoso').list('Get-InboundConnector');
    expect(all.filter((connector) => connector.Name === name)).toHaveLength(1);
    await tenant('contoso').invoke({
      cmdlet: 'Set-InboundConnector',
      parameters: { Identity: name, Enabled: true, Comment: null, EFSkipIPs: [] },
    });
    await (await readBack(name)).toMatchObject({ Enabled: true, Comment: '', EFSkipIPs: [] });
    await tenant('contoso').invoke({
      cmdlet: 'Remove-InboundConnector',
      parameters: { Identity: name, Confirm: false },
    });
    await (await readBack(name)).toBeNull();
  });

  it('reads every kind of object of every tenant that consented, alone and in a batch', async () => {
    const kinds = [
      'Get-InboundConnector',
      'Get-OutboundConnector',
      'Get-TransportRule',
      'Get-AcceptedDomain',
      'Get-OrganizationConfig',
    ] as const;
    for (const name of ['contoso', 'fabrikam', 'northwind', 'adatum']) {
      const lists = await tenant(name).lists(kinds);
      for (const kind of kinds) expect(await tenant(name).list(kind)).toEqual(lists[kind]);
      expect(lists['Get-OrganizationConfig']).toHaveLength(1);
      expect(lists['Get-AcceptedDomain'].filter(({ InitialDomain }) => InitialDomain)).toHaveLength(1);
    }
  });

  it('gives null for an object that is not there and refuses to act on it', async () => {
    expect(await tenant('contoso').get('Get-InboundConnector', 'nowhere')).toBeNull();
    const call = { cmdlet: 'Set-InboundConnector', parameters: { Identity: 'nowhere', Enabled: true } };
    await expect(tenant('contoso').invoke(call)).rejects.toBeInstanceOf(RejectedError);
  });

  it('passes on why Exchange refuses values', async () => {
    const parameters = { Name: connectorName(), ...fields, AssociatedAcceptedDomains: ['nowhere.example'] };
    const refused = tenant('contoso').invoke({ cmdlet: 'New-InboundConnector', parameters });
    await expect(refused).rejects.toBeInstanceOf(RejectedError);
    await expect(refused).rejects.toThrow(/nowhere\.example/u);
  });

  it('climbs the ladder of permissions: consent, application permission, directory role', async () => {
    const name = 'northwind';
    const read = () => tenant(name).list('Get-AcceptedDomain');
    const states = [
      [{ consent: 'missing' }, 'consent'],
      [{ consent: 'granted', hasExchangeRole: false }, 'app-role'],
      [{ consent: 'granted', hasExchangeRole: true, hasDirectoryRole: false }, 'directory-role'],
    ] as const;
    for (const [state, reason] of states) {
      await rehearsal.control('directory', { tenant: name, ...state }, 'PUT');
      const error: unknown = await read().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(TenantAccessError);
      expect(error).toMatchObject({ reason });
    }
    await rehearsal.control('directory', { tenant: name, hasDirectoryRole: true }, 'PUT');
    await expect(read()).resolves.not.toHaveLength(0);
  });

  it.each(['tailspin', 'wingtip'])('says that consent is missing in %s', async (name) => {
    await expect(tenant(name).list('Get-AcceptedDomain')).rejects.toMatchObject({ reason: 'consent' });
  });

  it('outlasts throttling and outages of reads', async () => {
    const match = { tenant: 'contoso', cmdlet: 'Get-AcceptedDomain' };
    await rehearsal.control('faults', { where: 'exchange', match, kind: 'throttle-with-retry-after', seconds: 20 });
    await rehearsal.control('faults', { where: 'exchange', match, kind: 'server-error-before' });
    expect(await tenant('contoso').list('Get-AcceptedDomain')).not.toHaveLength(0);
  });

  it.each(['server-error-after', 'hang-after'])(
    'does not know what became of a write on %s, and sends it once',
    async (kind) => {
      const name = connectorName();
      const match = { tenant: 'contoso', cmdlet: 'New-InboundConnector' };
      await rehearsal.control('faults', { where: 'exchange', match, kind });
      await expect(create(name)).rejects.toBeInstanceOf(UnknownOutcomeError);
      expect(await written(name)).toHaveLength(1);
      await (await readBack(name)).toMatchObject({ Name: name });
    },
  );

  it('does nothing when a write is throttled', async () => {
    const name = connectorName();
    const match = { tenant: 'contoso', cmdlet: 'New-InboundConnector' };
    await rehearsal.control('faults', { where: 'exchange', match, kind: 'throttle' });
    await expect(create(name)).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: null });
    const all = await tenant('contoso').list('Get-InboundConnector');
    expect(all.some((connector) => connector.Name === name)).toBe(false);
  });

  it('sends every call with a token of the tenant it is for', async () => {
    const entries = (await rehearsal.control('journal?where=exchange')) as JournalEntry[];
    const calls = entries.filter(({ tenantOfToken }) => tenantOfToken !== undefined);
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter(({ tenant: addressed, tenantOfToken }) => addressed !== tenantOfToken)).toEqual([]);
  });
});
