import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import { readWholeMailFlow } from '../../src/ports/mail-flow.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { runInterleavedJobs } from '../support/interleaved-jobs.ts';
import { silentLog } from '../support/silent-log.ts';
import type { BenchWorld } from './bench-world.ts';
import { sequentialRounds } from './call-rounds.ts';
import type { Figures } from './figures.ts';
import { median } from './percentile.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const CALL_MS = 200;

/** What the complete read of a tenant's mail flow costs, and whether jobs of many tenants keep apart. */
export async function measureTenantReads(figures: Figures, world: BenchWorld, rounds: number): Promise<void> {
  const { rehearsal, tap } = world;
  const { config, secrets } = readConfig({ ...rehearsal.environment, EXCHANGE_BASE_URL: tap.url }, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const { authority } = config.entra;
  const log = silentLog();
  const credentials = createTenantCredentials({ authority, appId: config.worker.appId, proof, log });
  const { exchange, compliance } = config;
  const tenant = createExchangeOnline({ ...exchange, compliance, credentials, clock: new FakeClock(), log }).tenant(
    CONTOSO,
  );
  // The token is not part of the read.
  await tenant.list('Get-AcceptedDomain');
  await rehearsal.control('faults', { where: 'exchange', kind: 'slow', delayMs: CALL_MS, times: null });
  const walls: number[] = [];
  let began = 0;
  for (let round = 0; round < rounds; round += 1) {
    began = performance.now();
    await readWholeMailFlow(tenant);
    walls.push(performance.now() - began);
  }
  await fetch(`${rehearsal.url}/control/faults`, { method: 'DELETE' });
  const calls = tap.callsSince(began, CONTOSO);
  figures.set('mail_flow_read_wall_ms', median(walls));
  figures.set('mail_flow_read_calls', calls.length);
  figures.set('mail_flow_read_cmdlets', calls.flatMap(({ cmdlets }) => cmdlets).length);
  figures.set('mail_flow_read_most_in_a_batch', Math.max(...calls.map(({ cmdlets }) => cmdlets.length)));
  figures.set('mail_flow_read_sequential_rounds', sequentialRounds(calls));
  figures.note(
    `mail_flow_read: everything a check of mail flow needs of one tenant, each call slowed by ${CALL_MS} ms.`,
  );
  const jobs = await runInterleavedJobs(200, 20);
  figures.set('interleaved_requests', jobs.requests);
  figures.set('interleaved_tenants', jobs.tenants);
  figures.set('interleaved_most_at_once', jobs.together);
  figures.set('interleaved_wrong_tenant', jobs.crossed);
  figures.set('interleaved_misread', jobs.misread);
  figures.note(
    "interleaved: jobs of several tenants at once, each with reads and writes, random delays and renewed tokens, over sockets; wrong_tenant counts the requests in which the tenants of the job, the address and the token were not all the same, by the simulated cloud's journal.",
  );
}
