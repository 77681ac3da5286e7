import type { Decision } from '../core/request.ts';
import { clean } from './text.ts';
import { localMoment } from './time.ts';

/** Who decided what and when, as rows; the latest three. */
export function decisionRows(decisions: readonly Decision[]): { text: string }[] {
  return decisions.slice(-3).map(({ verdict, by, at, voided }) => {
    const did = verdict === 'approve' ? 'Approved' : 'Denied';
    const force = voided ? ' – no longer counts' : '';
    return { text: `${did} by ${clean(by.name, 80)} at ${localMoment(at)}${force}` };
  });
}
