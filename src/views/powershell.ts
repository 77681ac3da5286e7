import type { Change, CmdletCall } from '../core/change.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { literal } from '../core/powershell-literal.ts';
import { clean } from './text.ts';

// A switch takes its value only after a colon. A test holds these together with the cmdlet table.
const switches = new Set(['Confirm']);

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

function parameter(name: string, value: Json): string {
  return switches.has(name) ? `-${word(name)}:${literal(value)}` : `-${word(name)} ${literal(value)}`;
}

function word(name: string): string {
  return name.replace(/[^A-Za-z0-9-]/g, '');
}
