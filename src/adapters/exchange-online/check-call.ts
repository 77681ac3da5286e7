import type { CmdletCall } from '../../core/change.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { plainText } from './answer.ts';
import { cmdletTable } from './cmdlet-table.ts';
import type { CallRule, CmdletEntry } from './cmdlets/cmdlet-entry.ts';
import { asHeld, type ParameterKind, type TextForm } from './cmdlets/parameter-kind.ts';

/** Insists that the call is one of the table, with parameters and values of the table. */
export function checkCall({ cmdlet, parameters }: CmdletCall, effect: CmdletEntry['effect'], now: Date): void {
  const entry = cmdletTable.get(cmdlet);
  if (entry?.effect !== effect) throw refused(cmdlet, `${cmdlet} is no ${effect} cmdlet of the cmdlet table.`);
  const problem =
    problemWithValues(entry, parameters, (kind) => kind) ??
    problemWithIdentity(parameters) ??
    entry.required.filter((name) => isMissing(parameters[name])).map((name) => `needs -${name}`)[0] ??
    brokenRule([...entry.safeguards, ...entry.rules], parameters, now);
  if (problem !== null) throw refused(cmdlet, `${cmdlet} cannot be sent like this: ${problem}.`);
}

/**
 * Insists that the inverse of a change is a writing call of the table, with parameters and kinds of values of the table.
 * Their forms, widths and how they go together are not judged: Exchange held them like this.
 */
export function checkInverse(inverse: CmdletCall, now: Date): void {
  const problem = problemWithInverse(inverse, now);
  if (problem !== null) throw refused(inverse.cmdlet, `${inverse.cmdlet} cannot be sent like this: ${problem}.`);
}

/** Why {@link checkInverse} would refuse it, or null. */
export function problemWithInverse({ cmdlet, parameters }: CmdletCall, now: Date): string | null {
  const entry = cmdletTable.get(cmdlet);
  if (entry?.effect !== 'write') return `${cmdlet} is no write cmdlet of the cmdlet table`;
  return (
    problemWithValues(entry, parameters, asHeld) ??
    problemWithIdentity(parameters) ??
    entry.required.filter((name) => !Object.hasOwn(parameters, name)).map((name) => `it needs -${name}`)[0] ??
    brokenRule(entry.safeguards, parameters, now)
  );
}

function brokenRule(rules: readonly CallRule[], parameters: JsonObject, now: Date): string | null {
  return rules.map((rule) => rule(parameters, now)).find((found) => found !== null) ?? null;
}

function problemWithValues(
  entry: CmdletEntry,
  parameters: JsonObject,
  strictness: (kind: ParameterKind) => ParameterKind,
): string | null {
  for (const [name, value] of Object.entries(parameters)) {
    const kind = Object.hasOwn(entry.parameters, name) ? entry.parameters[name] : undefined;
    if (kind === undefined) return `it is never sent with a parameter ${plainText(name)}`;
    const problem = problemWith(value, strictness(kind));
    if (problem !== null) return `-${name} ${problem}`;
  }
  return null;
}

/** An empty identity on a read gives every object, and a wildcard gives several. */
function problemWithIdentity({ Identity }: JsonObject): string | null {
  if (Identity === undefined) return null;
  const isOne = typeof Identity === 'string' && !isMissing(Identity) && !Identity.includes('*');
  return isOne ? null : '-Identity must name exactly one object';
}

function isMissing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

/** What is wrong with a value; null clears a text, a choice or a list and is always fine for those. */
function problemWith(value: Json, kind: ParameterKind): string | null {
  switch (kind.kind) {
    case 'flag':
      return mustBe('true or false', typeof value === 'boolean');
    case 'integer':
      return mustBe(`a whole number from ${kind.least} to ${kind.most}`, isWithin(value, kind));
    case 'number':
      return mustBe(
        kind.of.join(' or '),
        kind.of.some((one) => one === value),
      );
    case 'moment':
      return mustBe('a moment, such as 2026-05-01T12:00:00Z', isMoment(value));
    case 'choice':
      return mustBe(`one of ${kind.of.join(', ')}`, value === null || isOneOf(value, kind.of));
    case 'choices':
      return mustBe(`a list of ${kind.of.join(', ')}`, areAllOf(value, kind.of));
    case 'text':
      return value === null ? null : problemWithText(value, kind.form, kind.longest);
    case 'texts':
      return problemWithTexts(value, kind);
  }
}

function mustBe(what: string, isSo: boolean): string | null {
  return isSo ? null : `must be ${what}`;
}

function problemWithTexts(value: Json, kind: ParameterKind & { kind: 'texts' }): string | null {
  if (value === null) return null;
  if (isMerge(value) && kind.merges) {
    return problemWithTexts(value['Add'] ?? null, kind) ?? problemWithTexts(value['Remove'] ?? null, kind);
  }
  if (!isList(value)) return kind.merges ? 'must be a list, or an object with Add and Remove' : 'must be a list';
  if (value.length > kind.most) return `must not have more than ${kind.most} entries`;
  return value.map((one) => problemWithText(one, kind.form, kind.longest)).find((problem) => problem !== null) ?? null;
}

function problemWithText(value: Json, form: TextForm | null, longest: number): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > longest) return `must not be longer than ${longest} characters`;
  const shown = form?.hasLines ? value.replaceAll(/[\t\r\n]/gu, ' ') : value;
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(shown)) return 'must not contain control characters';
  return form === null || value === '' || form.fits(value)
    ? null
    : `is given "${plainText(value).slice(0, 80)}" and must be ${form.says}`;
}

function isMerge(value: Json): value is { readonly [key: string]: Json } {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key === 'Add' || key === 'Remove');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isOneOf(value: Json, words: readonly string[]): boolean {
  return typeof value === 'string' && words.includes(value);
}

function areAllOf(value: Json, words: readonly string[]): boolean {
  return isList(value) && value.every((one) => isOneOf(one, words));
}

function isWithin(value: Json, { least, most }: { readonly least: number; readonly most: number }): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isMoment(value: Json): boolean {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,16}Z$/u.test(value) && !Number.isNaN(Date.parse(value))
  );
}

function refused(cmdlet: string, message: string): RefusedError {
  return new RefusedError(message, {
    operation: cmdlet,
    next: 'Nothing was sent. Correct the value; developers find what may be sent in the cmdlet table.',
  });
}
