import { isUrgent } from '../core/notice.ts';
import type { Letter } from '../ports/letters.ts';

/** Up to so many are posted one by one; when more are waiting, they share a card. */
const fewEnough = 3;
/** As many rows as a card holds without becoming too large. */
const mostPerCard = 20;

/**
 * What is posted together. A flood becomes a few cards; what a person must act on shares one with its like only, so that
 * there is one alert and nothing beside it. The notices of one request stay in order. Letters that may have been shown
 * before stay apart from those that certainly were not.
 */
export function letterBatches(letters: readonly Letter[]): readonly (readonly Letter[])[] {
  const isFlood = letters.filter(({ notice }) => !isUrgent(notice)).length > fewEnough;
  const batches: Letter[][] = [];
  for (const letter of letters) {
    const open = openBatch(batches, letter, isFlood);
    if (open) open.push(letter);
    else batches.push([letter]);
  }
  return batches;
}

/** The latest batch it may join without overtaking what the same request said before. */
function openBatch(batches: readonly Letter[][], letter: Letter, isFlood: boolean): Letter[] | undefined {
  const { requestId } = letter.notice;
  const before = batches.findLastIndex((batch) => batch.some(({ notice }) => notice.requestId === requestId));
  return batches.slice(Math.max(before, 0)).findLast((batch) => joins(batch, letter, isFlood));
}

function joins(open: readonly Letter[], letter: Letter, isFlood: boolean): boolean {
  const [first] = open;
  if (!first || open.length >= mostPerCard || first.tried > 0 !== letter.tried > 0) return false;
  const urgent = isUrgent(letter.notice);
  if (urgent !== isUrgent(first.notice) || first.digest !== letter.digest) return false;
  return urgent || isFlood || letter.digest !== null;
}
