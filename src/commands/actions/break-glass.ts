import { requestAction } from './request-action.ts';

export const breakGlass = requestAction('break-glass', ({ actor }, { reason = '', digest = '', nonce }) => ({
  type: 'break-glass',
  actor,
  reason,
  digest,
  nonce,
}));
