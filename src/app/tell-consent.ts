import type { Effect } from '../core/store.ts';
import type { AdminConsent } from '../ports/admin-consent.ts';
import type { Notifier } from '../ports/notifier.ts';
import { ConsentNews } from '../teams/consent-news.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';

/** Tells people how a consent link stands. */
export type TellConsent = (effect: Extract<Effect, { kind: 'consent' }>) => Promise<void>;

export function tellConsentWith(
  { config }: AppOptions,
  { ladder, tenants }: Outside,
  consent: AdminConsent,
  notifier: Notifier,
): TellConsent {
  const homeTenantId = config.bot.tenantId;
  const news = new ConsentNews({ consent, ladder, tenants, notifier, homeTenantId });
  return (effect) => news.tell(effect);
}
