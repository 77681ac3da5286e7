import { clean } from './text.ts';

/** Texts as the rows of a list, at most `count` of them, with a last row that says how many are missing. */
export function lines(texts: readonly string[], count = 20, length = 300): { text: string }[] {
  const shown = texts.slice(0, count).map((text) => ({ text: clean(text, length) }));
  const more = texts.length - shown.length;
  return more === 0 ? shown : [...shown, { text: `… and ${more} more` }];
}
