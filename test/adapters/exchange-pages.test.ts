import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';
import { type RunningRehearsal, runningRehearsal } from '../rehearsal/running-rehearsal.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { silentLog } from '../support/silent-log.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const MANY = 1024;
const READ = 'Get-TenantAllowBlockListSpoofItems';

let rehearsal: RunningRehearsal;
let contoso: ExchangeTenant;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
  const { config, secrets } = readConfig({ ...rehearsal.environment }, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const [clock, log] = [new FakeClock(), silentLog()];
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const { authority } = config.entra;
  const credentials = createTenantCredentials({ authority, appId: config.worker.appId, proof, log });
  const all = createExchangeOnline({ ...config.exchange, compliance: config.compliance, credentials, clock, log });
  contoso = all.tenant(CONTOSO);
  const store = rehearsal.world.tenants.get(CONTOSO)?.stores.spoofItems;
  for (let index = 0; index < MANY; index += 1) {
    const Identity = crypto.randomUUID();
    const pair = {
      SpoofedUser: `u${index}.example`,
      SendingInfrastructure: '*',
      SpoofType: 'External',
      Action: 'Allow',
    };
    store?.put(Identity, { Identity, ...pair }, 0, { visible: 0, effective: 0 });
  }
});

afterAll(() => rehearsal.stop());

beforeEach(() => rehearsal.world.journal.clear());

/** How the cloud answered the calls that this list needed. */
function outcomes(): string[] {
  return rehearsal.world.journal
    .list()
    .filter(({ cmdlet }) => cmdlet === READ)
    .map(({ outcome }) => outcome);
}

describe('a list of two pages in the simulated cloud', () => {
  it('is read with two calls', async () => {
    expect(await contoso.list(READ)).toHaveLength(MANY);
    expect(outcomes()).toEqual(['ok', 'ok']);
  });

  it('that begins in a batch goes on from there', async () => {
    const lists = await contoso.lists([READ, 'Get-AcceptedDomain']);
    expect(lists[READ]).toHaveLength(MANY);
    expect(outcomes()).toEqual(['ok', 'ok']);
  });
});
