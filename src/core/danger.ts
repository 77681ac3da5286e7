import { type Change, isWrite } from './change.ts';
import type { Reach } from './reach.ts';
import type { Warning } from './workflow.ts';

/**
 * The danger words: what a plan can do to people who are not in the room. A warning of level `danger` carries one of
 * them; they stand at the very top of the card and in its summary, before anything that is to be read at leisure.
 */
export const dangerWords = {
  'refuses-mail': 'Refuses mail',
  'opens-delivery': 'Opens direct delivery',
  'cuts-off-senders': 'Cuts off senders',
  'weakens-filtering': 'Weakens filtering',
  'stops-mail': 'Can stop mail',
  removes: 'Removes an object',
  'cannot-be-undone': 'Cannot be undone',
  'doubtful-facts': 'Rests on doubtful facts',
} as const;

/** The name of one danger word. */
export type DangerWord = keyof typeof dangerWords;

/** The words of a plan's dangers, each once, in the order of the table. */
export function wordsOf(warnings: readonly Warning[]): DangerWord[] {
  const used = new Set(warnings.filter(({ level }) => level === 'danger').map(({ word }) => word));
  return (Object.keys(dangerWords) as DangerWord[]).filter((word) => used.has(word));
}

/** The dangers that follow from the changes themselves, whatever the workflow says about them. */
export function dangersOf(changes: readonly Change[]): Warning[] {
  return changes.filter(isWrite).flatMap((change) => {
    const what = `${change.step} ${change.object.kind} ${change.object.identity}`;
    const why = change.irreversible ?? 'no way back is known';
    const lasting: Warning[] =
      change.inverse === null
        ? [{ level: 'danger', word: 'cannot-be-undone', text: `${what} cannot be taken back: ${why}.` }]
        : [];
    const removal: Warning[] =
      change.action === 'remove' ? [{ level: 'danger', word: 'removes', text: `${what} takes the object away.` }] : [];
    return [...lasting, ...removal];
  });
}

/** The dangers that follow from the mail of the last days. A trace that cannot be read is a danger of its own. */
export function dangersOfReach(reach: Reach | null): Warning[] {
  if (!reach?.mayRefuse) return [];
  const { trace } = reach;
  if (trace.kind === 'unknown') {
    const text = `Which senders this cuts off is not known, because the message trace could not be read: ${trace.because}`;
    return [{ level: 'danger', word: 'doubtful-facts', text }];
  }
  const { messages, sources } = trace.refused;
  if (messages === 0) return [];
  const [mail, came] = [messages === 1 ? 'message' : 'messages', sources === 1 ? 'address' : 'addresses'];
  const text = `${messages} ${mail} of the last days, from ${sources} ${came}, would have been refused. “Whom it touches” lists them.`;
  return [{ level: 'danger', word: 'cuts-off-senders', text }];
}
