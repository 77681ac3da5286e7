import { describeError } from '../../core/errors.ts';
import type { ExchangeOnline } from '../../ports/exchange-online.ts';
import type { DomainOwner, ManagedTenant, TenantDirectory } from '../../ports/tenant-directory.ts';

/** A name that is not found is looked for again at most this often (real milliseconds). */
const refreshPause = 5_000;
/** How long an answer in chat waits for that. */
const longestWait = 2_000;

interface Reading {
  readonly tenant: ManagedTenant;
  readonly domains: readonly string[];
  /** Empty when the tenant could be read. */
  readonly reason: string;
}

/** The accepted domains of all managed tenants, read from Exchange and kept in memory. */
export function createTenantDirectory(
  listTenants: () => Promise<readonly ManagedTenant[]>,
  exchange: ExchangeOnline,
): TenantDirectory {
  let readings: readonly Reading[] = [];
  let refreshing: Promise<void> | null = null;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  const readAll = async (signal?: AbortSignal): Promise<void> => {
    const before = new Map(readings.map((reading) => [reading.tenant.id, reading]));
    const tenants = await listTenants();
    readings = await Promise.all(tenants.map((tenant) => read(exchange, tenant, before.get(tenant.id), signal)));
    refreshedAt = performance.now();
  };
  /** A tenant that was added a moment ago need not wait for the next look at all of them. */
  const readNew = async (): Promise<void> => {
    const known = new Set(readings.map(({ tenant }) => tenant.id));
    const added = (await listTenants()).filter(({ id }) => !known.has(id));
    const found = await Promise.all(added.map((tenant) => read(exchange, tenant, undefined)));
    const since = new Set(readings.map(({ tenant }) => tenant.id));
    readings = [...readings, ...found.filter(({ tenant }) => !since.has(tenant.id))];
  };
  const refresh = (signal?: AbortSignal): Promise<void> => {
    refreshing ??= readAll(signal).finally(() => {
      refreshing = null;
    });
    return refreshing;
  };
  const find = (domain: string): ManagedTenant | undefined =>
    readings.find(({ domains }) => domains.includes(domain))?.tenant;

  return {
    refresh,
    ownerOf: async (domain): Promise<DomainOwner> => {
      const known = find(domain);
      if (known) return { kind: 'found', tenant: known };
      const isDue = refreshing !== null || performance.now() - refreshedAt > refreshPause;
      await atMost(isDue ? refresh() : readNew(), longestWait);
      const found = find(domain);
      if (found) return { kind: 'found', tenant: found };
      return {
        kind: 'unknown',
        known: readings.flatMap(({ domains }) => domains),
        unreadable: readings.filter(({ reason }) => reason !== '').map(({ tenant, reason }) => ({ tenant, reason })),
      };
    },
  };
}

/** A tenant that cannot be read keeps the domains it had: they still tell whose they are. */
async function read(
  exchange: ExchangeOnline,
  tenant: ManagedTenant,
  before: Reading | undefined,
  signal?: AbortSignal,
): Promise<Reading> {
  try {
    const domains = await exchange.tenant(tenant.id).list('Get-AcceptedDomain', signal);
    return { tenant, domains: domains.map(({ DomainName }) => DomainName), reason: '' };
  } catch (error) {
    return { tenant, domains: before?.domains ?? [], reason: describeError(error).message };
  }
}

async function atMost(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
