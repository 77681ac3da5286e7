import type { Json } from './json.ts';

// Characters that would be invisible on a card, reorder its text, or be read as a macro or a binding.
const unprintable = /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}\p{M}]|\p{Default_Ignorable_Code_Point}|\u2800|\{(?=\{)|\$(?=\{)/gu;

/**
 * A value as a PowerShell expression that can be pasted and cannot run anything. Characters that nobody could see are
 * written by number. Source: about_Quoting_Rules; single quotes keep everything but single quotes, also typographic ones.
 */
export function literal(value: Json): string {
  if (value === null) return '$null';
  if (typeof value === 'boolean') return value ? '$true' : '$false';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (isList(value)) return `@(${value.map(literal).join(', ')})`;
  const entries = Object.entries(value).map(([key, entry]) => `${quoted(key)} = ${literal(entry)}`);
  return `@{ ${entries.join('; ')} }`;
}

function quoted(text: string): string {
  const pieces = text.split(unprintable).map(singleQuoted);
  const between = (text.match(unprintable) ?? []).map(visibly);
  if (between.length === 0) return pieces[0] ?? "''";
  const joined = pieces.flatMap((piece, at) => [piece, between[at] ?? '']).filter((piece) => piece !== '');
  return `(${joined.join(' + ')})`;
}

// PowerShell takes typographic quotes for quotes, so they are doubled too.
function singleQuoted(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

function visibly(character: string): string {
  if (character === '{' || character === '$') return `'${character}'`;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).padStart(4, '0');
  return code > 0xffff ? `[char]::ConvertFromUtf32(0x${hex})` : `[char]0x${hex}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
