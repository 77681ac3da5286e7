import type { Plan } from '../core/plan.ts';
import type { UndoLine } from '../core/undo.ts';
import { lines } from './lines.ts';

/** How the plan would be taken back, in words: one line for each change, the last change first. */
export function undoModel(plan: Plan, room: { readonly lines: number; readonly text: number }) {
  const irreversible = plan.undo.filter(({ call }) => call === null).length;
  return {
    hasUndo: plan.undo.length > 0,
    undoIntro:
      irreversible === 0
        ? 'What is done by then is taken back, the last change first, and read back:'
        : `⚠ Not everything can be taken back: ${irreversible} of ${plan.undo.length} changes stay.`,
    undoIsWhole: irreversible === 0,
    undoSteps: lines(plan.undo.map(undoSentence), room.lines, room.text),
  };
}

/** One change taken back, as a sentence. */
export function undoSentence({ object, call, why }: UndoLine): string {
  const named = `${object.kind} ${object.identity}`;
  if (call === null) return `✗ ${named} stays as the plan leaves it: ${why ?? 'no way back is known'}.`;
  const { cmdlet, parameters } = call;
  if (cmdlet.startsWith('Remove-')) return `${cmdlet} removes ${named} again.`;
  if (cmdlet.startsWith('New-')) return `${cmdlet} makes ${named} again as it was.`;
  const fields = Object.keys(parameters).filter((name) => !['Identity', 'Confirm', 'Force'].includes(name));
  return `${cmdlet} sets ${fields.join(', ')} of ${named} back to what it was.`;
}
