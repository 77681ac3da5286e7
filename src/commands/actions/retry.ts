import { requestAction } from './request-action.ts';

export const retry = requestAction('retry', ({ actor }) => ({ type: 'retry', actor }));
