import { looksLikeRequestId } from '../core/request.ts';

/** Longer reasons are cut: they are shown on cards and kept in the audit trail. */
const longestReason = 300;

/** What somebody typed behind the id of a request. */
export function reasonBehind(words: readonly string[]): string {
  const id = words.findIndex((word) => looksLikeRequestId(word.replace(/[.,:;!?]+$/u, '')));
  return words
    .slice(id + 1)
    .join(' ')
    .slice(0, longestReason);
}
