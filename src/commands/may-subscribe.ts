import type { Card } from '../core/card.ts';
import { errorCard } from '../views/error.ts';
import type { MessageTurn } from './turn.ts';

/** Null when the person may choose what a conversation is told about; otherwise why not. */
export function subscribingRefused({ actor }: MessageTurn, needsApprover: boolean): Card | null {
  const { roles, isGuest } = actor;
  if (!isGuest && (needsApprover ? roles.includes('approver') || roles.includes('operator') : roles.length > 0)) {
    return null;
  }
  const message = needsApprover
    ? 'Only an approver or an operator can have cards to decide on sent somewhere, and you are neither here.'
    : 'Only requesters, approvers and operators choose what a conversation is told about, and you are none of them.';
  return errorCard({ code: 'not-allowed', message, next: 'Ask one of them to type it here.' });
}
