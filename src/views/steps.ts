import type { StepProgress } from '../core/request.ts';
import { clean } from './text.ts';

// Symbol, word and colour together: the colour alone says nothing to many readers, and little on a white card.
const marks: Record<StepProgress['status'], { mark: string; word: string; color: string }> = {
  waiting: { mark: '○', word: 'waits', color: 'Default' },
  running: { mark: '▶', word: 'under way', color: 'Accent' },
  done: { mark: '✓', word: 'done, read back', color: 'Good' },
  already: { mark: '✓', word: 'was so already', color: 'Default' },
  failed: { mark: '✗', word: 'failed, is as it was before', color: 'Attention' },
  undoing: { mark: '▶', word: 'being taken back', color: 'Warning' },
  undone: { mark: '↩', word: 'taken back', color: 'Warning' },
  'not-undone': { mark: '✗', word: 'not taken back', color: 'Attention' },
};

/** The steps of a run as rows; of a long run those around the one under way. */
export function stepsModel(steps: readonly StepProgress[], shown = 24) {
  const current = steps.findIndex(({ status }) => status === 'running' || status === 'undoing' || status === 'waiting');
  const start = Math.max(0, Math.min(current - Math.floor(shown / 4), steps.length - shown));
  const rows = steps
    .slice(start, start + shown)
    .map(({ title, status }) => ({ ...marks[status], title: clean(title, 120) }));
  const hidden = steps.length - rows.length;
  return {
    hasSteps: rows.length > 0,
    steps: rows,
    hasHiddenSteps: hidden > 0,
    hiddenSteps: `… and ${hidden} more of ${steps.length} steps`,
  };
}

/** How many steps are behind us, e.g. `2 of 5 steps`. */
export function stepCount(steps: readonly StepProgress[]): string {
  const behind = steps.filter(({ status }) => status === 'done' || status === 'already').length;
  return `${behind} of ${steps.length} steps`;
}
