import { begun, stepDone } from './trail.ts';

/** What the audit trail says of a run with one step that went well. */
export const oneStep: readonly string[] = [...begun, ...stepDone(0), 'completed'];
