import { clean, cleanCode } from './text.ts';

/** Texts as the rows of a list, at most `count` of them, with a last row that says how many are missing. */
export function lines(texts: readonly string[], count = 20, length = 300): { text: string }[] {
  return withMore(
    texts.slice(0, count).map((text) => clean(text, length)),
    texts.length,
  );
}

/** As `lines`, for PowerShell: what can be pasted is not reworded. `total` counts the lines that are not given, too. */
export function codeLines(code: readonly string[], total: number, length: number): { text: string }[] {
  return withMore(
    code.map((line) => cleanCode(line, length)),
    total,
  );
}

function withMore(shown: readonly string[], total: number): { text: string }[] {
  const rows = shown.map((text) => ({ text }));
  return rows.length === total ? rows : [...rows, { text: `… and ${total - rows.length} more` }];
}
