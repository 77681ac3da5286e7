import { isUrgent } from '../core/notice.ts';
import type { Letter } from '../ports/letters.ts';

/** Up to so many are posted one by one; when more are waiting, they share a card. */
const fewEnough = 3;
/** As many rows as a card holds without becoming too large. */
const mostPerCard = 20;

/**
 * What is posted together, in order: a flood becomes a few cards, and what a person must act on stays a message of its
 * own. Letters that may have been shown before stay apart from those that certainly were not.
 */
export function letterBatches(letters: readonly Letter[]): readonly (readonly Letter[])[] {
  const isFlood = letters.filter(isCollectable).length > fewEnough;
  const batches: Letter[][] = [];
  for (const letter of letters) {
    const open = batches.at(-1);
    if (open && joins(open, letter, isFlood)) open.push(letter);
    else batches.push([letter]);
  }
  return batches;
}

function joins(open: readonly Letter[], letter: Letter, isFlood: boolean): boolean {
  const [first] = open;
  if (!first || !isCollectable(first) || !isCollectable(letter)) return false;
  if (open.length >= mostPerCard || first.tried > 0 !== letter.tried > 0) return false;
  return first.digest === null && letter.digest === null ? isFlood : first.digest === letter.digest;
}

function isCollectable({ notice }: Letter): boolean {
  return !isUrgent(notice);
}
