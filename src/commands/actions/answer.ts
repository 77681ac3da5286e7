import { requestAction } from './request-action.ts';

export const answer = requestAction('answer', ({ actor }, { reason = '' }) => ({
  type: 'answer',
  actor,
  text: reason,
}));
