import { requestAction } from './request-action.ts';

export const pause = requestAction('pause', ({ actor }, { reason = '' }) => ({ type: 'pause', actor, reason }));
