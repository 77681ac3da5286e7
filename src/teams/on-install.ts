import { scopeOf, type TeamsActivity } from './activity.ts';
import { isFromHome } from './actor.ts';
import type { Edge } from './edge.ts';
import { placeOf } from './place.ts';

/** Events of a conversation that come when its team is no more. */
const endOfTeam: readonly string[] = ['teamDeleted', 'teamHardDeleted'];

/** The app was added somewhere: remember the place and greet it once. */
export async function onInstalled(
  edge: Edge,
  activity: TeamsActivity,
  greeted: (key: string) => boolean,
): Promise<void> {
  if (!scopeOf(activity) || !isFromHome(activity, edge.homeTenantId)) return;
  const place = placeOf(activity);
  await edge.conversations.remember(activity);
  if (greeted(place.conversation)) return;
  await edge.replies.card(place, { card: edge.welcome() });
}

/** Members, names or channels changed. Only the first tells something new: that we are, or are no longer, in there. */
export async function onConversationUpdate(edge: Edge, activity: TeamsActivity): Promise<void> {
  if (!isFromHome(activity, edge.homeTenantId)) return;
  const removed = activity.membersRemoved.some(({ id }) => id === activity.recipient.id);
  const { eventType = '', channel } = activity.channelData;
  if (removed || endOfTeam.includes(eventType)) return forgetAll(edge, activity);
  if (eventType === 'channelDeleted' && channel) return edge.conversations.forget(channel.id);
  await edge.conversations.remember(activity);
}

/** The app was removed: from a chat, or from a team with all its channels. */
export async function onRemoved(edge: Edge, activity: TeamsActivity): Promise<void> {
  if (isFromHome(activity, edge.homeTenantId)) await forgetAll(edge, activity);
}

async function forgetAll(edge: Edge, { conversation, channelData }: TeamsActivity): Promise<void> {
  if (channelData.team) await edge.conversations.forgetTeam(channelData.team.id);
  await edge.conversations.forget(conversation.id);
}
