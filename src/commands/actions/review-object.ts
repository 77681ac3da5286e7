import { requestAction } from './request-action.ts';

export const reviewObject = requestAction('review-object', ({ actor }, { reason = '' }) => ({
  type: 'review',
  actor,
  verdict: 'objection',
  text: reason,
}));
