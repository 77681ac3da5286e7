import type { Card } from '../core/card.ts';
import { maySubscribe, type Topic } from '../core/subscription.ts';
import { errorCard } from '../views/error.ts';
import type { MessageTurn } from './turn.ts';

/** Null when the person may choose what a conversation is told about; otherwise why not. */
export function subscribingRefused({ actor }: MessageTurn, kind: Topic['kind']): Card | null {
  if (maySubscribe(actor, kind)) return null;
  const message =
    kind === 'approvals'
      ? 'Only an approver or an operator can have cards to decide on sent somewhere, and you are neither here.'
      : 'Only requesters, approvers and operators choose what a conversation is told about, and you are none of them.';
  return errorCard({ code: 'not-allowed', message, next: 'Ask one of them to type it here.' });
}
