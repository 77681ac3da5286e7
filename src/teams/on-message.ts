import { describeError } from '../core/errors.ts';
import { questionerOf } from './acting.ts';
import { readerOf, scopeOf, type TeamsActivity } from './activity.ts';
import { senderOf } from './actor.ts';
import type { Edge } from './edge.ts';
import { placeOf } from './place.ts';
import { addressesUs, commandText, isBareCall } from './text.ts';

const STRANGER =
  'Switchyard works for the people of one organisation, and you are not signed in to it. Nothing was done.';

/** A typed message: only what a person of the home tenant typed to us, now, reaches the dispatcher. */
export async function onMessage(edge: Edge, activity: TeamsActivity, refused: (key: string) => boolean): Promise<void> {
  const scope = scopeOf(activity);
  const text = commandText(activity);
  if (!scope || !addressesUs(activity) || (text === '' && !isBareCall(activity))) return;
  const place = placeOf(activity);
  const sender = senderOf(activity, edge);
  if (sender.kind === 'nobody') return;
  if (sender.kind === 'stranger') {
    if (!refused(place.conversation)) await edge.replies.text(place, STRANGER);
    return;
  }
  try {
    const remembered = edge.conversations.remember(activity);
    const actor = await questionerOf(edge, activity, sender.person);
    const { timeZone } = readerOf(activity);
    const turn = { actor, conversation: place.conversation, scope, activityId: activity.id, text, timeZone };
    const reply = await edge.dispatcher.message(turn);
    if (reply) await edge.replies.card(place, reply);
    await remembered;
  } catch (err) {
    edge.log.error({ err, activity: activity.id }, 'message could not be handled');
    const { message, next } = describeError(err);
    await edge.replies.text(place, `${message} ${next}`);
  }
}
