import { requestAction } from './request-action.ts';

export const resume = requestAction('resume', ({ actor }) => ({ type: 'resume', actor }));
