import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Change } from '../../src/core/change.ts';
import type { TraceReading } from '../../src/core/reach.ts';
import type { ExchangeOnline } from '../../src/ports/exchange-online.ts';
import type { World } from '../../src/ports/world.ts';
import { reachOf } from '../../src/workflows/shared/reach.ts';
import { readMailFlow } from '../../src/workflows/shared/tenant-reads.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { fakeWorld } from '../support/fake-world.ts';
import { type RunningRehearsal, startRehearsal } from '../support/rehearsal.ts';
import { silentLog } from '../support/silent-log.ts';

const contoso = 'c0000000-0000-4000-8000-000000000001';
const name = 'Lock';

const lock: Change = {
  step: 'New-InboundConnector',
  object: { kind: 'InboundConnector', identity: name },
  action: 'create',
  title: 'x',
  fields: Object.entries({
    ConnectorType: 'Partner',
    SenderDomains: ['*'],
    SenderIPAddresses: ['65.99.255.0/24'],
    RestrictDomainsToIPAddresses: true,
    Enabled: true,
  }).map(([field, after]) => ({ field, before: null, after })),
  call: { cmdlet: 'New-InboundConnector', parameters: { Name: name } },
  inverse: null,
  irreversible: null,
  risky: true,
};

let rehearsal: RunningRehearsal;
let exchange: ExchangeOnline;

beforeAll(async () => {
  rehearsal = await startRehearsal({ REHEARSAL_SPEED: '1' });
  const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const [clock, log] = [new FakeClock(), silentLog()];
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const credentials = createTenantCredentials({
    authority: config.entra.authority,
    appId: config.worker.appId,
    proof,
    log,
  });
  exchange = createExchangeOnline({ ...config.exchange, compliance: config.compliance, credentials, clock, log });
});

afterAll(() => rehearsal.stop());

/** The simulated tenant with its own time. */
async function tenantWorld(): Promise<World> {
  const { now } = (await rehearsal.control('clock')) as { now: string };
  const clock = { now: () => new Date(now), until: () => Promise.resolve() };
  return { ...fakeWorld(), exchange: exchange.tenant(contoso), clock };
}

async function traceOf(): Promise<TraceReading> {
  const world = await tenantWorld();
  return (await reachOf(world, await readMailFlow(world), [lock])).trace;
}

describe('the trace of the simulated tenant', () => {
  it('tells a lock-down whose mail it cuts off', async () => {
    const mail = (facts: object) => rehearsal.control('mail', { to: 'info@contoso.com', ...facts });
    await mail({ from: 'news@newsletter.example' });
    await mail({ from: 'offers@newsletter.example', via: 'direct' });
    await mail({ from: 'scanner@contoso.com', via: 'direct' });
    await rehearsal.control('clock', { advance: 60 });
    const trace = await traceOf();
    expect(trace).toMatchObject({ kind: 'read', isWhole: true, messages: 3, recipients: 1 });
    const refused = trace.kind === 'read' ? trace.refused.top : [];
    expect(refused).toMatchObject([
      { address: '198.51.100.25', messages: 3, domains: ['newsletter.example', 'contoso.com'], isOwn: false },
    ]);
  });

  it('that was asked too often is not known, and the reason is said', async () => {
    const fault = { where: 'exchange', match: { cmdlet: 'Get-MessageTraceV2' }, kind: 'throttle', times: 50 };
    await rehearsal.control('faults', fault);
    expect(await traceOf()).toMatchObject({ kind: 'unknown', because: expect.stringMatching(/\w/u) });
  });
});
