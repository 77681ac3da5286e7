import { requestAction } from './request-action.ts';

export const release = requestAction('release', ({ actor }) => ({ type: 'release', actor }));
