import { readFile } from 'node:fs/promises';
import type { Chaos } from '../adapters/chaos/chaos.ts';
import { createResolvers } from '../adapters/dns/resolvers.ts';
import { createExchangeOnline } from '../adapters/exchange-online/exchange-online.ts';
import { createDirectory } from '../adapters/graph/directory.ts';
import { createTenantCredentials } from '../adapters/identity/tenant-credentials.ts';
import { loadWorkerProof } from '../adapters/identity/worker-proof.ts';
import { createSmtpProbe } from '../adapters/smtp/probe.ts';
import { createAccessLadder } from '../adapters/tenants/access-ladder.ts';
import { createTenantDirectory } from '../adapters/tenants/tenant-directory.ts';
import { defectSeen } from '../telemetry/events.ts';
import type { AppOptions } from './app-options.ts';

/** What can be asked and changed outside this program. */
export type Outside = Awaited<ReturnType<typeof connectOutside>>;

export async function connectOutside({ config, secrets, clock, log, listTenants }: AppOptions, chaos: Chaos) {
  const { entra, worker, exchange: address, compliance, graph, smtp } = config;
  const credentials = createTenantCredentials({
    authority: entra.authority,
    appId: worker.appId,
    proof: await loadWorkerProof(worker.proof, secrets.workerAppSecret, new Date()),
    log,
  });
  const exchange = chaos.exchange(createExchangeOnline({ ...address, compliance, credentials, clock, log }));
  const extraCa = config.extraCaFile ? [await readFile(config.extraCaFile, 'utf8')] : [];
  const probe = createSmtpProbe({ ...smtp, extraCa });
  const tenants = createTenantDirectory(listTenants, exchange);
  void tenants.refresh().catch((error: unknown) => defectSeen(log, error));
  const directory = createDirectory({ ...graph, appId: worker.appId, credentials, clock, log });
  const ladder = createAccessLadder({ exchange, directory, forget: (tenantId) => credentials.forget(tenantId) });
  const dns = createResolvers({ servers: config.dns.resolvers });
  return { credentials, exchange, directory, ladder, dns, smtp: probe, tenants };
}
