import type { Clock } from '../core/clock.ts';
import type { SetUpStore } from '../core/store.ts';
import type { DnsResolver } from './dns-resolver.ts';
import type { ExchangeTenant } from './exchange-online.ts';
import type { SmtpProbe } from './smtp-probe.ts';

/**
 * The outside as steps, checks and workflows see it: one tenant and what can be asked about its mail.
 * Made once per planning or run; nothing in it can reach another tenant.
 */
export interface World {
  readonly tenant: { readonly id: string; readonly name: string };
  readonly exchange: ExchangeTenant;
  readonly dns: DnsResolver;
  readonly smtp: SmtpProbe;
  readonly setUps: SetUpStore;
  readonly clock: Clock;
}
