import { domainToASCII } from 'node:url';

// Everything a reader cannot see or that reorders what they see: controls, bidi and zero-width marks, tags,
// variation selectors, letters that draw nothing, and stray surrogates.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const blanks = /[\s\p{Z}]+/gu;
const piledMarks = /(\p{M}{3})\p{M}+/gu;

/**
 * Text of unknown origin as one harmless line: nothing invisible, no macro, no binding, no mention, at most `max`
 * characters. It still belongs into a TextRun: a TextBlock would read it as markdown.
 */
export function clean(text: string, max = 300): string {
  // Cut early, so that a megabyte costs no more than a line.
  const start = text.length > max * 8 ? text.slice(0, max * 8) : text;
  const visible = start
    .normalize('NFC')
    .replace(blanks, ' ')
    .replace(invisible, '')
    .replace(piledMarks, '$1')
    .replace(blanks, ' ')
    .trim();
  return cut(disarm(visible), max);
}

/** As `clean`, for places that are read as markdown and have no other form, like a fallback text. */
export function cleanForMarkdown(text: string, max = 300): string {
  return clean(text, max).replace(/[\\`*_{}[\]()#+\-.!|<>~&:]/g, String.raw`\$&`);
}

/** A line of code of which nothing may be altered but what could not be seen; blanks and letters stay as they are. */
export function cleanCode(line: string, max: number): string {
  return cut(disarm(line.replace(/[\t\r\n\u2028\u2029]/g, ' ').replace(invisible, '')), max);
}

/** A name as a reader can tell it from its look-alikes: beside foreign letters stands the form that DNS uses. */
export function showName(name: string, max = 120): string {
  const shown = clean(name, max);
  if (/^[\x20-\x7e]*$/.test(shown)) return shown;
  const ascii = shown.includes('.') ? domainToASCII(shown) : '';
  return ascii === '' ? `${shown} (holds letters outside plain Latin)` : `${shown} (in DNS: ${clean(ascii, max)})`;
}

/** A count with its noun: `1 field`, `2 fields`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function disarm(text: string): string {
  return text
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/\$(?=\{)/g, '$ ')
    .replace(/<(?=\/?at\b)/gi, '< ');
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
