import { requestAction } from './request-action.ts';

export const cancel = requestAction('cancel', ({ actor }) => ({ type: 'cancel', actor }));
