import { requestAction } from './request-action.ts';

export const stop = requestAction('stop', ({ actor }) => ({ type: 'stop', actor }));
