/** What the audit trail says of a run until its first step. */
export const begun: readonly string[] = ['requested', 'planned', 'approve', 'confirmed', 'run-started'];

/** What it says of a step that went well. */
export function stepDone(index: number): readonly string[] {
  return [`step-running ${index}`, `step-done ${index}`];
}
