import { requestAction } from './request-action.ts';

export const reviewAccept = requestAction('review-accept', ({ actor }, { reason = '' }) => ({
  type: 'review',
  actor,
  verdict: 'accepted',
  text: reason,
}));
