import type { Change, CmdletCall } from '../core/change.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { clean } from './text.ts';

// A switch takes its value only after a colon. A test holds these together with the cmdlet table.
const switches = new Set(['Confirm']);

// Characters that would be invisible on a card, reorder its text, or be read as a macro or a binding.
const unprintable = /[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}\p{M}]|\p{Default_Ignorable_Code_Point}|\u2800|\{(?=\{)|\$(?=\{)/gu;

/** The call as one line of PowerShell that sends the same parameters. */
export function powershell({ cmdlet, parameters }: CmdletCall): string {
  if (cmdlet === 'Set-ApprovalPolicy') return inChat(parameters);
  const words = Object.entries(parameters).map(([name, value]) => parameter(name, value));
  return [word(cmdlet), ...words].join(' ');
}

/** What changes Switchyard itself is no cmdlet: it is asked for in chat. A comment, so that it can be pasted with the rest. */
function inChat(fields: JsonObject): string {
  const wishes = Object.entries(fields).map(([field, value]) => {
    const isPlain = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
    const typed = isPlain ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
    return `change policy ${field} to ${typed}`;
  });
  return `# in chat: ${clean(wishes.join('; '), 2000)}`;
}

/** The line a person would run to take a change back. */
export function undoLine(change: Change): string {
  if (change.inverse !== null) return powershell(change.inverse);
  return `# ${word(change.step)} cannot be undone: ${clean(change.irreversible ?? 'no way back is known')}`;
}

/** A value as a PowerShell expression that can be pasted and cannot run anything. */
export function literal(value: Json): string {
  if (value === null) return '$null';
  if (typeof value === 'boolean') return value ? '$true' : '$false';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (isList(value)) return `@(${value.map(literal).join(', ')})`;
  const entries = Object.entries(value).map(([key, entry]) => `${quoted(key)} = ${literal(entry)}`);
  return `@{ ${entries.join('; ')} }`;
}

function parameter(name: string, value: Json): string {
  return switches.has(name) ? `-${word(name)}:${literal(value)}` : `-${word(name)} ${literal(value)}`;
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

function word(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
