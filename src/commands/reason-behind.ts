import { InvalidInputError } from '../core/errors.ts';
import { looksLikeRequestId } from '../core/request.ts';

/** More than this is too long: reasons are shown on cards and kept in the audit trail. */
const longestReason = 300;

/** What somebody typed behind the id of a request. Longer reasons are cut: what they are for must not wait for that. */
export function reasonBehind(words: readonly string[]): string {
  const text = textBehind(words);
  if (text.length <= longestReason) return text;
  // Half of a character could be neither shown nor stored.
  return text.slice(0, longestReason).replace(/[\ud800-\udbff]$/u, '');
}

/** The same where the text itself is what counts: refused in words when it is too long. */
export function wholeTextBehind(words: readonly string[]): string {
  const text = textBehind(words);
  const problem = tooLong(text);
  if (problem === null) return text;
  throw new InvalidInputError(problem, {
    operation: 'record what was said',
    next: 'Say it shorter, and send it again.',
  });
}

/** Why a text is not taken as it is, as a sentence; null when it is. */
export function tooLong(text: string): string | null {
  if (text.length <= longestReason) return null;
  return `That is ${text.length} characters long; at most ${longestReason} are kept, so nothing was recorded.`;
}

function textBehind(words: readonly string[]): string {
  const id = words.findIndex((word) => looksLikeRequestId(word.replace(/[.,:;!?]+$/u, '')));
  return words.slice(id + 1).join(' ');
}
