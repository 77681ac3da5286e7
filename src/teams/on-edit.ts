import type { TeamsActivity } from './activity.ts';
import { senderOf } from './actor.ts';
import type { Edge } from './edge.ts';
import { placeOf } from './place.ts';
import { addressesUs, commandText } from './text.ts';

/** An edited message never acts: what was read and answered must not change under the hands of those who decide. */
export async function onEdit(edge: Edge, activity: TeamsActivity): Promise<void> {
  if (commandText(activity) === '' || !addressesUs(activity)) return;
  if (senderOf(activity, edge).kind !== 'person') return;
  await edge.replies.text(placeOf(activity), 'Edited messages never act. Send it as a new message.');
}
