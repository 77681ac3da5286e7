import type { Clock } from '../../core/clock.ts';
import { RefusedError } from '../../core/errors.ts';
import type { ExchangeOnline, ExchangeTenant } from '../../ports/exchange-online.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { TokenSource } from './calls.ts';
import { RestTenant } from './rest-tenant.ts';
import { Transport } from './transport.ts';

/** Where a service is called and which tokens it takes. */
export interface ServiceAddress {
  readonly baseUrl: string;
  readonly scope: string;
}

export interface ExchangeOnlineOptions extends ServiceAddress {
  readonly compliance: ServiceAddress;
  readonly credentials: TokenSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** Real milliseconds to wait for an answer; by cmdlet when left out. */
  readonly timeout?: number;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** Exchange Online, and the compliance service beside it, over their REST endpoint. */
export function createExchangeOnline(options: ExchangeOnlineOptions): ExchangeOnline {
  const { scope, credentials, clock, log, compliance } = options;
  const timeout = options.timeout ?? null;
  const common = { credentials, clock, log, timeout };
  const exchange = { ...common, scope, transport: new Transport(options.baseUrl, log) };
  const beside = { ...common, scope: compliance.scope, transport: new Transport(compliance.baseUrl, log) };
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
      const made = new RestTenant(tenantId, exchange, beside);
      tenants.set(tenantId, made);
      return made;
    },
  };
}
