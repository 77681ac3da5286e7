import { z } from 'zod/v4';
import type { ActionAnswer } from '../commands/turn.ts';
import { describeError } from '../core/errors.ts';
import { actorOf } from './acting.ts';
import { readerOf, type TeamsActivity } from './activity.ts';
import { senderOf } from './actor.ts';
import type { Edge } from './edge.ts';
import { type InvokeBody, invokeBody } from './invoke-answer.ts';
import { legibleFields } from './legible.ts';

const actionSchema = z.object({
  action: z.object({ type: z.literal('Action.Execute'), verb: z.string().min(1).max(100), data: z.unknown() }),
});

/** A click on a card. Always answered, in the form that Teams shows to the person who clicked. */
export async function onAction(edge: Edge, activity: TeamsActivity): Promise<InvokeBody> {
  try {
    return invokeBody(await answerOf(edge, activity), edge.renderer, readerOf(activity));
  } catch (err) {
    edge.log.error({ err, activity: activity.id }, 'click could not be handled');
    const { code, message, next } = describeError(err);
    return invokeBody({ kind: 'error', status: 500, code, message: `${message} ${next}` }, edge.renderer);
  }
}

async function answerOf(edge: Edge, activity: TeamsActivity): Promise<ActionAnswer> {
  const { data: value } = actionSchema.safeParse(activity.value);
  if (!value) {
    const message = 'The button sent something Switchyard does not understand. Open the card again.';
    return { kind: 'error', status: 400, code: 'invalid-input', message };
  }
  const sender = senderOf(activity, edge);
  if (sender.kind !== 'person') {
    const message = 'Only people of the organisation Switchyard works for can use its cards.';
    return { kind: 'error', status: 403, code: 'refused', message };
  }
  const { verb } = value.action;
  const data = legibleFields(value.action.data);
  const { conversation, replyToId = null } = activity;
  const actor = await actorOf(edge, activity, sender.person);
  const turn = { actor, conversation: conversation.id, messageId: replyToId, verb, data };
  const [answer] = await Promise.all([edge.dispatcher.action(turn), edge.conversations.remember(activity)]);
  return answer;
}
