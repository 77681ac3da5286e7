import type { Clock } from '../core/clock.ts';
import type { SetUpStore } from '../core/store.ts';
import type { DirectoryTenant } from './directory.ts';
import type { DnsResolver } from './dns-resolver.ts';
import type { ExchangeTenant } from './exchange-online.ts';
import type { PolicyBook } from './policies.ts';
import type { SmtpProbe } from './smtp-probe.ts';

/**
 * The outside as steps, checks and workflows see it: one tenant and what can be asked about its mail.
 * Made once per planning or run; nothing in it can reach another tenant.
 */
export interface World {
  readonly tenant: { readonly id: string; readonly name: string };
  readonly exchange: ExchangeTenant;
  /** What only the tenant's directory tells, such as the host that Microsoft receives a domain's mail on. */
  readonly directory: Pick<DirectoryTenant, 'mailHost' | 'messageTraces'>;
  readonly dns: DnsResolver;
  readonly smtp: SmtpProbe;
  readonly setUps: SetUpStore;
  /** The approval policy, which runs in the home tenant may change. */
  readonly policies: PolicyBook;
  readonly clock: Clock;
}
