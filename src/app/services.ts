import type { Services } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { workflows } from '../workflows/index.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';
import { homeOf } from './policy-book.ts';
import type { Stores } from './stores.ts';

/** What commands may use. */
export function servicesOf(
  { config, clock }: AppOptions,
  { tenants, ladder }: Outside,
  stores: Stores,
  others: Pick<Services, 'gate' | 'roles' | 'consent' | 'signIns' | 'notifier'>,
): Services {
  return {
    ...others,
    store: stores.requests,
    messages: stores.messages,
    setUps: stores.setUps,
    policies: stores.policies,
    people: stores.people,
    subscriptions: stores.subscriptions,
    clock,
    tenants,
    ladder,
    home: homeOf(config.bot.tenantId),
    operatorConversation: config.operatorConversation,
    workflows,
    questions: commands,
  };
}
