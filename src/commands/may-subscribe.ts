import type { Card } from '../core/card.ts';
import { maySubscribe, type Topic } from '../core/subscription.ts';
import { errorCard } from '../views/error.ts';
import type { Services } from './command.ts';
import { onRecord } from './on-record.ts';
import type { MessageTurn } from './turn.ts';

/** Null when the person may choose what a conversation is told about; otherwise why not, which is on record then. */
export async function subscribingRefused(
  services: Pick<Services, 'store' | 'home'>,
  turn: MessageTurn,
  action: 'subscribed' | 'unsubscribed',
  topic: Topic,
): Promise<Card | null> {
  const { kind } = topic;
  const isAlone = turn.scope === 'personal';
  if (maySubscribe(turn.actor, kind, isAlone)) return null;
  const message =
    kind === 'approvals'
      ? `Only an approver${isAlone ? '' : ' or an operator'} can have cards to decide on sent here, and you are ${isAlone ? 'not one' : 'neither'}.`
      : 'Only requesters, approvers and operators choose what a conversation is told about, and you are none of them.';
  await onRecord(services, turn, { action, reason: message, about: { ...topic } });
  return errorCard({ code: 'not-allowed', message, next: 'Ask one of them to type it here.' });
}
