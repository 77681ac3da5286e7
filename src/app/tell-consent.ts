import type { RoleSource } from '../core/policy/role-source.ts';
import type { Effect } from '../core/store.ts';
import type { AdminConsent } from '../ports/admin-consent.ts';
import type { Notifier } from '../ports/notifier.ts';
import { ConsentNews } from '../teams/consent-news.ts';
import { Subscribers } from '../teams/subscribers.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';
import type { Stores } from './stores.ts';

/** Tells people how a consent link stands. */
export type TellConsent = (effect: Extract<Effect, { kind: 'consent' }>) => Promise<void>;

interface TellConsentParts {
  readonly consent: AdminConsent;
  readonly notifier: Notifier;
  readonly roles: RoleSource;
}

export function tellConsentWith(
  { config, clock }: AppOptions,
  { ladder, tenants }: Outside,
  { requests: store, letters, subscriptions }: Stores,
  { consent, notifier, roles }: TellConsentParts,
): TellConsent {
  const homeTenantId = config.bot.tenantId;
  const subscribers = new Subscribers({ store, subscriptions, roles, notifier });
  const told = { letters, subscriptions, subscribers, notifier, clock };
  const news = new ConsentNews({ ...told, consent, ladder, tenants, homeTenantId });
  return (effect) => news.tell(effect);
}
