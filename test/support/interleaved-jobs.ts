import { setTimeout as pause } from 'node:timers/promises';
import { createExchangeOnline } from '../../src/adapters/exchange-online/exchange-online.ts';
import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { createTenantCredentials, type TenantCredentials } from '../../src/adapters/identity/tenant-credentials.ts';
import { readConfig } from '../../src/config/config.ts';
import type { ExchangeOnline } from '../../src/ports/exchange-online.ts';
import { FakeClock } from './fake-clock.ts';
import { type RunningRehearsal, startRehearsal } from './rehearsal.ts';
import { silentLog } from './silent-log.ts';

/** What an Exchange of many tenants saw of jobs that ran at once. */
export interface InterleavedJobs {
  readonly requests: number;
  readonly writes: number;
  readonly tenants: number;
  /** Requests in which the tenant of the job, of the address and of the token are not all the same. */
  readonly crossed: number;
  /** Jobs that read back something else than they wrote. */
  readonly misread: number;
  /** Tokens that were asked for. */
  readonly tokens: number;
  /** The most requests that were open at the same moment. */
  readonly together: number;
}

/** A call as the rehearsal's journal keeps it. */
interface Seen {
  readonly at: string;
  readonly tenant: string;
  readonly tenantOfToken?: string;
  readonly cmdlet?: string;
  readonly parameters: { readonly Name?: string; readonly Identity?: string };
  readonly durationMs: number;
}

const CALL_MS = 10;

/** Jobs of several tenants at once, each with reads and writes, by the program's own credentials and client. */
export async function runInterleavedJobs(jobs: number, tenants: number): Promise<InterleavedJobs> {
  const rehearsal = await startRehearsal();
  try {
    const ids = await Promise.all(Array.from({ length: tenants }, (_, index) => newTenant(rehearsal, index)));
    const tenantOf = (job: number): string => ids[job % tenants] ?? '';
    await rehearsal.control('faults', { where: 'exchange', kind: 'slow', delayMs: CALL_MS, times: null });
    const { exchange, credentials } = await programOf(rehearsal);
    const work = Array.from({ length: jobs }, (_, job) => runJob(exchange, credentials, tenantOf(job), job));
    const isRight = await Promise.all(work);
    const calls = await journalOf(rehearsal, 'exchange');
    return {
      requests: calls.length,
      writes: calls.filter(({ cmdlet }) => !cmdlet?.startsWith('Get-')).length,
      tenants: new Set(calls.map(({ tenant }) => tenant)).size,
      crossed: calls.filter((call) => isCrossed(call, tenantOf)).length,
      misread: isRight.filter((right) => !right).length,
      tokens: (await journalOf(rehearsal, 'entra')).length,
      together: mostTogether(calls),
    };
  } finally {
    await rehearsal.stop();
  }
}

async function newTenant(rehearsal: RunningRehearsal, index: number): Promise<string> {
  const wanted = { name: `customer${index}`, domains: [`customer${index}.example`] };
  const made = (await rehearsal.control('tenants', wanted)) as { readonly id: string };
  return made.id;
}

async function programOf(rehearsal: RunningRehearsal): Promise<{
  readonly exchange: ExchangeOnline;
  readonly credentials: TenantCredentials;
}> {
  const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const log = silentLog();
  const { authority } = config.entra;
  const proof = { kind: 'secret', secret: secrets.workerAppSecret } as const;
  const credentials = createTenantCredentials({ authority, appId: config.worker.appId, proof, log });
  const { exchange, compliance } = config;
  return {
    credentials,
    exchange: createExchangeOnline({ ...exchange, compliance, credentials, clock: new FakeClock(), log }),
  };
}

/** Makes a connector, looks at it, changes it and looks again, with pauses in which the other jobs go on. */
async function runJob(
  exchange: ExchangeOnline,
  credentials: TenantCredentials,
  tenantId: string,
  job: number,
): Promise<boolean> {
  const tenant = exchange.tenant(tenantId);
  const Name = `job-${job}`;
  const soon = (): Promise<void> => pause(Math.random() * 20);
  await soon();
  await tenant.invoke({ cmdlet: 'New-InboundConnector', parameters: { Name, SenderDomains: ['*'], Enabled: false } });
  await soon();
  // Tokens are renewed in the middle of things, too.
  if (job % 10 === 0) credentials.forget(tenantId);
  await tenant.lists(['Get-AcceptedDomain', 'Get-TransportRule']);
  const Comment = `${Name} of ${tenantId}`;
  await tenant.invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: Name, Comment } });
  await soon();
  return (await tenant.get('Get-InboundConnector', Name))?.Comment === Comment;
}

async function journalOf(rehearsal: RunningRehearsal, where: string): Promise<readonly Seen[]> {
  const answer = await fetch(`${rehearsal.url}/control/journal?where=${where}`);
  return (await answer.json()) as readonly Seen[];
}

function isCrossed({ tenant, tenantOfToken, parameters }: Seen, tenantOf: (job: number) => string): boolean {
  const name = parameters.Name ?? parameters.Identity;
  return tenant !== tenantOfToken || (name !== undefined && tenant !== tenantOf(Number(name.slice(4))));
}

/** A journal entry is written at the end of its call. */
function mostTogether(calls: readonly Seen[]): number {
  const spans = calls.map(({ at, durationMs }) => ({ from: Date.parse(at) - durationMs, to: Date.parse(at) }));
  return Math.max(...spans.map(({ from }) => spans.filter((other) => other.from <= from && from < other.to).length));
}
