const longest = 60;

/**
 * Text that somebody typed, fit to be repeated in a sentence: in quotation marks, at most 60 characters, with
 * everything that cannot be seen (control, format and bidirectional characters, odd spaces) written as `\u{…}`.
 */
export function quoted(text: string): string {
  const characters = Array.from(text);
  const visible = characters
    .slice(0, longest)
    .map((character) => (/^[\p{C}\p{Z}]$/u.test(character) && character !== ' ' ? escaped(character) : character))
    .join('');
  return `“${visible}${characters.length > longest ? '…' : ''}”`;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
