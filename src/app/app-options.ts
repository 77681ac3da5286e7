import type { Config, Secrets } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { ManagedTenant } from '../ports/tenant-directory.ts';
import type { Logger } from '../telemetry/log.ts';

/** What an application is made of. Everything else follows from it. */
export interface AppOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Logger;
  /** The managed tenants as they are now. */
  readonly listTenants: () => Promise<readonly ManagedTenant[]>;
}

/** What an application is started with. Without a clock of its own it goes by that of its database. */
export type GivenOptions = Omit<AppOptions, 'clock'> & { readonly clock: Clock | null };
