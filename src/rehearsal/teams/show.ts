import { refreshOf, textOf } from './card.ts';
import { cardOf, type Message } from './message.ts';
import { mriOf } from './people.ts';
import type { TeamsState } from './teams-state.ts';

/** A message as the control API shows it; `as` (a person's id) chooses whose view of its card. */
export function showMessage(state: TeamsState, message: Message, as: string | null): Record<string, unknown> {
  const shared = cardOf(message.attachments);
  const card = message.deleted ? null : ((as ? message.views.get(as) : undefined) ?? shared);
  const refresh = refreshOf(shared);
  const refreshed = state.people.filter((person) => refresh?.userIds.includes(mriOf(person)));
  return {
    id: message.id,
    conversation: message.conversation,
    rootId: message.rootId,
    from: message.from,
    at: message.at,
    text: message.deleted ? '' : [message.body, textOf(card)].filter((part) => part !== '').join('\n'),
    body: message.deleted ? '' : message.body,
    textFormat: message.textFormat,
    summary: message.summary,
    alert: message.alert,
    card,
    edits: message.edits,
    deleted: message.deleted,
    version: message.version,
    refreshFor: refreshed.map(({ id }) => id),
    ownView: as !== null && message.views.has(as),
    history: message.history.map((past) => ({ ...past, text: [past.body, textOf(past.card)].join('\n').trim() })),
  };
}

/** For lists that are read often: without what the message used to say. */
export function showBriefly(state: TeamsState, message: Message, as: string | null): Record<string, unknown> {
  const { history: _, ...rest } = showMessage(state, message, as);
  return rest;
}
