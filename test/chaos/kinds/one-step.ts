/** What the audit trail says of a run with one step that went well. */
export const oneStep: readonly string[] = [
  'requested',
  'planned',
  'approve',
  'confirmed',
  'run-started',
  'step-running 0',
  'step-done 0',
  'completed',
];
