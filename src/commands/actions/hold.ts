import { requestAction } from './request-action.ts';

export const hold = requestAction('hold', ({ actor }, { reason = '' }) => ({ type: 'hold', actor, reason }));
