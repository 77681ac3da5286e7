import type { TeamsActivity } from './activity.ts';
import type { Place } from './notifier.ts';

/** Where an answer to an activity goes: the same conversation and thread. */
export function placeOf({ conversation, serviceUrl }: TeamsActivity): Place {
  return { conversation: conversation.id, serviceUrl };
}
