import { describeError } from '../../core/errors.ts';
import type { ExchangeOnline } from '../../ports/exchange-online.ts';
import type { DomainOwner, ManagedTenant, TenantDirectory } from '../../ports/tenant-directory.ts';

/** A name that is not found is looked for again at most this often (real milliseconds). */
const refreshPause = 5_000;
/** How long an answer in chat waits for that. */
const longestWait = 3_000;
/** Names that are known are read again, behind the answer, when they are older than this (real milliseconds). */
const longestAge = 600_000;

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
  /** By tenant id. Each is there as soon as its tenant has answered: a slow tenant holds up no other. */
  let readings = new Map<string, Reading>();
  let refreshing: Promise<void> | null = null;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  const underWay = new Set<Promise<void>>();
  const readOne = async (tenant: ManagedTenant, signal?: AbortSignal): Promise<void> => {
    const reading = await read(exchange, tenant, readings.get(tenant.id), signal);
    if (readings.has(tenant.id)) readings.set(tenant.id, reading);
  };
  const readEach = (tenants: readonly ManagedTenant[], signal?: AbortSignal): Promise<unknown> => {
    const reads = tenants.map((tenant) => {
      const one: Promise<void> = readOne(tenant, signal).finally(() => underWay.delete(one));
      underWay.add(one);
      return one;
    });
    return Promise.all(reads);
  };
  const readAll = async (signal?: AbortSignal): Promise<void> => {
    const tenants = await listTenants();
    readings = new Map(tenants.map((tenant) => [tenant.id, readings.get(tenant.id) ?? unread(tenant)]));
    await readEach(tenants, signal);
    refreshedAt = performance.now();
  };
  /** A tenant that was added a moment ago need not wait for the next look at all of them. */
  const readNew = async (): Promise<unknown> => {
    const added = (await listTenants()).filter(({ id }) => !readings.has(id));
    for (const tenant of added) readings.set(tenant.id, unread(tenant));
    void readEach(added);
    return Promise.all(underWay);
  };
  const refresh = (signal?: AbortSignal): Promise<void> => {
    refreshing ??= readAll(signal).finally(() => {
      refreshing = null;
    });
    return refreshing;
  };
  const isOlderThan = (age: number): boolean => performance.now() - refreshedAt > age;
  /** A tenant may have been added while all are being read. */
  const lookAgain = (): Promise<unknown> => {
    if (refreshing) return Promise.all([refreshing, readNew()]);
    return isOlderThan(refreshPause) ? refresh() : readNew();
  };
  const find = (domain: string): ManagedTenant | undefined =>
    [...readings.values()].find(({ domains }) => domains.includes(domain))?.tenant;

  return {
    managed: listTenants,
    learn: (tenant, domains) => {
      readings.set(tenant.id, { tenant, domains, reason: '' });
    },
    refresh,
    ownerOf: async (domain): Promise<DomainOwner> => {
      const known = find(domain);
      if (known) {
        // A domain may have moved to another tenant; plans read the tenant itself, so this need not be waited for.
        if (isOlderThan(longestAge)) void refresh().catch(() => undefined);
        return { kind: 'found', tenant: known };
      }
      await atMost(lookAgain(), longestWait);
      const found = find(domain);
      if (found) return { kind: 'found', tenant: found };
      const all = [...readings.values()];
      return {
        kind: 'unknown',
        known: all.flatMap(({ domains }) => domains),
        unreadable: all.filter(({ reason }) => reason !== '').map(({ tenant, reason }) => ({ tenant, reason })),
      };
    },
  };
}

function unread(tenant: ManagedTenant): Reading {
  return { tenant, domains: [], reason: 'It has not answered yet.' };
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

async function atMost(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
