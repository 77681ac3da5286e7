import type { CmdletCall } from '../../core/change.ts';
import type { Clock } from '../../core/clock.ts';
import { RefusedError, RejectedError, UnavailableError } from '../../core/errors.ts';
import type { ExchangeOnline, ExchangeReads, ExchangeTenant } from '../../ports/exchange-online.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Row } from './answer.ts';
import type { TokenSource } from './calls.ts';
import { canonical } from './canonical.ts';
import { checkCall } from './check-call.ts';
import { TenantClient } from './client.ts';
import { cmdletTable } from './cmdlet-table.ts';
import { ObjectNotFoundError } from './failure.ts';
import { Transport } from './transport.ts';

export interface ExchangeOnlineOptions {
  readonly baseUrl: string;
  readonly scope: string;
  readonly credentials: TokenSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** Real milliseconds to wait for an answer; 60 seconds when left out. */
  readonly timeout?: number;
}

type Reading = keyof ExchangeReads;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** Exchange Online over its REST endpoint. */
export function createExchangeOnline(options: ExchangeOnlineOptions): ExchangeOnline {
  const transport = new Transport(options.baseUrl, options.timeout ?? 60_000, options.log);
  const tenants = new Map<string, ExchangeTenant>();
  return {
    tenant: (id) => {
      const tenantId = id.toLowerCase();
      const known = tenants.get(tenantId);
      if (known) return known;
      if (!guid.test(tenantId)) {
        throw new RefusedError(`"${id}" is no tenant id.`, {
          operation: 'choose a tenant',
          next: 'Nothing was sent. Use the id of a tenant in TENANTS.',
        });
      }
      const made = new RestTenant(tenantId, new TenantClient({ ...options, tenantId, transport }));
      tenants.set(tenantId, made);
      return made;
    },
  };
}

class RestTenant implements ExchangeTenant {
  readonly tenantId: string;
  readonly #client: TenantClient;

  constructor(tenantId: string, client: TenantClient) {
    this.tenantId = tenantId;
    this.#client = client;
  }

  async get<C extends Reading>(cmdlet: C, identity: string, signal?: AbortSignal): Promise<ExchangeReads[C] | null> {
    const rows = takes(cmdlet, 'Identity')
      ? await this.#rowsOf(cmdlet, identity, signal)
      : await this.#all(cmdlet, signal);
    if (rows.length === 0) return null;
    const found = rows.filter((row) => isNamed(row, identity));
    const [object] = found;
    if (found.length === 1) return this.#canonical(cmdlet, object);
    throw new RejectedError(
      `Exchange Online answered ${rows.length} objects, ${found.length} of them named ${identity}.`,
      {
        operation: `${cmdlet} in tenant ${this.tenantId}`,
        next: 'Check the name in the Exchange admin centre; rename one object if two are named alike.',
      },
    );
  }

  async list<C extends Reading>(cmdlet: C, signal?: AbortSignal): Promise<readonly ExchangeReads[C][]> {
    const rows = await this.#all(cmdlet, signal);
    return rows.map((row) => this.#canonical(cmdlet, row));
  }

  async lists<C extends Reading>(
    cmdlets: readonly C[],
    signal?: AbortSignal,
  ): Promise<{ readonly [K in C]: readonly ExchangeReads[K][] }> {
    const wanted = [...new Set(cmdlets)];
    const answers = await this.#client.batch(wanted.map(wholeList), signal);
    const lists = wanted.map(async (cmdlet, index) => {
      const rows = answers[index] ?? (await this.#all(cmdlet, signal));
      return [cmdlet, rows.map((row) => this.#canonical(cmdlet, row))] as const;
    });
    return Object.fromEntries(await Promise.all(lists)) as { [K in C]: ExchangeReads[K][] };
  }

  async invoke(call: CmdletCall, signal?: AbortSignal): Promise<{ readonly warnings: readonly string[] }> {
    checkCall(call, 'write');
    const { warnings } = await this.#client.write(call, signal);
    return { warnings };
  }

  #all(cmdlet: Reading, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    return this.#client.read(wholeList(cmdlet), signal);
  }

  async #rowsOf(cmdlet: Reading, identity: string, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const call = { cmdlet, parameters: { Identity: identity } };
    checkCall(call, 'read');
    try {
      return await this.#client.read(call, signal);
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return [];
      throw error;
    }
  }

  #canonical<C extends Reading>(cmdlet: C, row: unknown): ExchangeReads[C] {
    try {
      return canonical[cmdlet](row);
    } catch (error) {
      throw new UnavailableError(`Exchange Online described an object in a way we do not understand (${cmdlet}).`, {
        operation: `${cmdlet} in tenant ${this.tenantId}`,
        next: 'Nothing is decided on it. Developers find the field in the log.',
        cause: error,
      });
    }
  }
}

function takes(cmdlet: string, parameter: string): boolean {
  return Object.hasOwn(cmdletTable.get(cmdlet)?.parameters ?? {}, parameter);
}

function wholeList(cmdlet: Reading): CmdletCall {
  return { cmdlet, parameters: takes(cmdlet, 'ResultSize') ? { ResultSize: 'Unlimited' } : {} };
}

/** Exchange finds objects by several of their names. */
function isNamed(row: Row, identity: string): boolean {
  const names = [row['Identity'], row['Name'], row['Guid'], row['DistinguishedName'], row['DomainName']];
  return names.some((name) => typeof name === 'string' && name.toLowerCase() === identity.toLowerCase());
}
