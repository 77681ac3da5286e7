import type { Card } from '../core/card.ts';
import type { Transition } from '../core/request-event.ts';
import { errorCard } from '../views/error.ts';
import type { ActionAnswer } from './turn.ts';

type Refusal = Extract<Transition, { kind: 'refused' }>;

export function refusalCard(refusal: Refusal): Card {
  return errorCard({ code: refusal.code, message: refusal.reason, next: '' });
}

const mayNot: readonly Refusal['code'][] = [
  'not-allowed',
  'own-request',
  'plan-editor',
  'sign-in-needed',
  'owes-answer',
];

/** A refused click: who may not is told 403, who is late is told 409, a repeated click is simply confirmed. */
export function refusalAnswer(refusal: Refusal): ActionAnswer {
  if (refusal.code === 'already') return { kind: 'message', text: refusal.reason };
  const status = mayNot.includes(refusal.code) ? 403 : 409;
  return { kind: 'error', status, code: refusal.code, message: refusal.reason };
}
