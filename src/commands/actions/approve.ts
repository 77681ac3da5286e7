import { requestAction } from './request-action.ts';

export const approve = requestAction('approve', ({ actor }, { digest = '', nonce }) => ({
  type: 'approve',
  actor,
  digest,
  nonce,
}));
