import { requestAction } from './request-action.ts';

export const deny = requestAction('deny', ({ actor }, { digest = '', nonce }) => ({
  type: 'deny',
  actor,
  digest,
  nonce,
}));
