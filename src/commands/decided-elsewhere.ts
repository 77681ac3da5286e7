import type { Card } from '../core/card.ts';
import type { Person } from '../core/person.ts';
import { type RoleSource, RolesUnavailableError } from '../core/policy/role-source.ts';
import { maySubscribe } from '../core/subscription.ts';
import { wholeConversation } from '../core/whole-conversation.ts';
import { errorCard } from '../views/error.ts';
import type { Services } from './command.ts';

type Needed = Pick<Services, 'subscriptions' | 'operatorConversation' | 'notifier' | 'roles'>;

/**
 * A request is decided on its card, and nobody else sees one in a personal chat. Null when another one would appear where
 * an approver sees it; otherwise what would help. `wish` is what was typed, or null for a form.
 */
export async function decidedNowhere(services: Needed, here: string, wish: string | null): Promise<Card | null> {
  const operators = await reachOf(services, services.operatorConversation);
  if (operators === 'there' || (await isSubscribed(services, here))) return null;
  const ask =
    wish === null ? 'Ask for it in the channel of your team.' : `Post it in the channel of your team: “${wish}”.`;
  const repair =
    operators === 'none'
      ? ''
      : ' Or whoever runs Switchyard puts OPERATOR_CONVERSATION right: it names a conversation where Switchyard cannot post.';
  return errorCard({
    code: 'not-here',
    message: 'No approver would see the plan of what you ask for in here. Nothing was done.',
    next: `${ask} Or an approver types “subscribe approvals” where they want to decide; then you can ask in here.${repair}`,
  });
}

async function reachOf({ notifier }: Needed, conversation: string | null): Promise<'there' | 'gone' | 'none'> {
  if (conversation === null) return 'none';
  return (await notifier.scopeOf(conversation)) === null ? 'gone' : 'there';
}

/** Whether somebody who decides has cards sent to another conversation, and they arrive there. */
async function isSubscribed({ subscriptions, notifier, roles }: Needed, here: string): Promise<boolean> {
  for (const { conversation, by } of await subscriptions.approvals()) {
    const scope = conversation === wholeConversation(here) ? null : await notifier.scopeOf(conversation);
    if (scope !== null && (await mayStill(roles, by, scope === 'personal'))) return true;
  }
  return false;
}

/** In doubt yes: the card is posted as soon as it can be read who may have it. */
async function mayStill(roles: RoleSource, person: Person, isAlone: boolean): Promise<boolean> {
  try {
    return maySubscribe(await roles.actor(person), 'approvals', isAlone);
  } catch (error) {
    if (error instanceof RolesUnavailableError) return true;
    throw error;
  }
}
