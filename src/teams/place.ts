import { readerOf, scopeOf, type TeamsActivity } from './activity.ts';
import type { Place } from './notifier.ts';

/** Where an answer to an activity goes: the same conversation and thread. */
export function placeOf(activity: TeamsActivity): Place {
  const { conversation, serviceUrl } = activity;
  const place = { conversation: conversation.id, serviceUrl };
  return scopeOf(activity) === 'personal' ? { ...place, reader: readerOf(activity) } : place;
}
