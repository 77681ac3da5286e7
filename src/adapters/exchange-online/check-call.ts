import type { CmdletCall } from '../../core/change.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { type CmdletEntry, cmdletTable, type ParameterKind } from './cmdlet-table.ts';

const LONGEST_TEXT = 1024;
const LONGEST_LIST = 1300;

/** Insists that the call is one of the table, with parameters and values of the table. */
export function checkCall({ cmdlet, parameters }: CmdletCall, effect: CmdletEntry['effect']): void {
  const entry = cmdletTable.get(cmdlet);
  if (entry?.effect !== effect) throw refused(cmdlet, `${cmdlet} is no ${effect} cmdlet of the cmdlet table.`);
  for (const [name, value] of Object.entries(parameters)) {
    const kind = Object.hasOwn(entry.parameters, name) ? entry.parameters[name] : undefined;
    if (kind === undefined) throw refused(cmdlet, `${cmdlet} is not sent with a parameter ${name}.`);
    const problem = problemWith(value, kind);
    if (problem !== null) throw refused(cmdlet, `${cmdlet} -${name} ${problem}.`);
  }
  for (const name of entry.required) {
    if (isMissing(parameters[name])) throw refused(cmdlet, `${cmdlet} needs -${name}.`);
  }
  // An empty identity on a read gives every object, and a wildcard gives several.
  const { Identity } = parameters;
  if (Identity !== undefined && (typeof Identity !== 'string' || isMissing(Identity) || Identity.includes('*'))) {
    throw refused(cmdlet, `${cmdlet} needs the identity of exactly one object.`);
  }
}

function isMissing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/** What is wrong with a value; null clears a text or a list and is always fine for those. */
function problemWith(value: Json, kind: ParameterKind): string | null {
  if (kind === 'flag') return typeof value === 'boolean' ? null : 'must be true or false';
  if (value === null) return null;
  if (kind === 'text') return problemWithText(value);
  if (kind !== 'texts') {
    return typeof value === 'string' && kind.includes(value) ? null : `must be one of ${kind.join(', ')}`;
  }
  if (!Array.isArray(value)) return 'must be a list';
  if (value.length > LONGEST_LIST) return `must not have more than ${LONGEST_LIST} entries`;
  const values: readonly Json[] = value;
  return values.map(problemWithText).find((problem) => problem !== null) ?? null;
}

function problemWithText(value: Json): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > LONGEST_TEXT) return `must not be longer than ${LONGEST_TEXT} characters`;
  return /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value) ? 'must not contain control characters' : null;
}

function refused(cmdlet: string, message: string): RefusedError {
  return new RefusedError(message, {
    operation: cmdlet,
    next: 'Nothing was sent. Developers find what may be sent in the cmdlet table.',
  });
}
