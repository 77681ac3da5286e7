import type { CarefulRun } from './careful.ts';
import type { Change } from './change.ts';
import type { DurableRun } from './durable.ts';
import type { StepProgress } from './request.ts';
import type { RunServices } from './run-services.ts';

/** One step that was begun, with all that taking it back needs. */
export interface JournalEntry {
  readonly index: number;
  readonly change: Change;
  /** Whether the step itself failed, rather than a later one. */
  readonly failed: boolean;
  readonly revert: () => Promise<void>;
}

/** What taking back needs beside the journal. */
export interface Compensation {
  readonly durable: DurableRun;
  readonly careful: CarefulRun;
  readonly commandLine: RunServices<never>['commandLine'];
  readonly mark: (index: number, status: StepProgress['status']) => Promise<boolean>;
}

/**
 * Walks the journal backwards and takes back every step. Gives the lines that a person has to run because taking back
 * failed: an undo that fails waits for nobody, since people can do it by hand or have it tried again.
 */
export async function compensate(
  { durable, careful, commandLine, mark }: Compensation,
  journal: readonly JournalEntry[],
): Promise<string[]> {
  const left: string[] = [];
  for (const { index, change, failed, revert } of journal.toReversed()) {
    const undo = async () => {
      // On record before the write, as each step is.
      await mark(index, 'undoing');
      await revert();
      await mark(index, failed ? 'failed' : 'undone');
      return {};
    };
    const undone = await careful.work(`undo ${index} ${change.step}`, undo, { waits: false, stops: false });
    if (undone.ok) continue;
    await durable.step(`undo ${index}: failed`, () => mark(index, 'not-undone'));
    const line = change.inverse ? commandLine(change.inverse) : change.title;
    left.push(`${line}   # ${undone.error.message}`);
  }
  return left;
}
