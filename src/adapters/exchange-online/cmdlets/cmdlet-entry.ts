import type { Json, JsonObject } from '../../../core/json.ts';
import { objectName, type ParameterKind, switched, text, wholeList } from './parameter-kind.ts';

/** The smallest role of Exchange that contains a cmdlet; `null` where only a role that is too wide contains it. */
export type ManagementRole =
  | 'View-Only Configuration'
  | 'Remote and Accepted Domains'
  | 'Transport Rules'
  | 'Transport Hygiene'
  | 'Tenant AllowBlockList Manager'
  | 'Message Tracking'
  | null;

/** What of a call contradicts itself or the time at which it is made, as a sentence, or null. */
export type CallRule = (parameters: JsonObject, now: Date) => string | null;

/** So many calls of one cmdlet within so many seconds, for a whole tenant. */
export interface Allowance {
  readonly calls: number;
  readonly seconds: number;
}

export interface CmdletEntry {
  readonly effect: 'read' | 'write';
  /** Whether asking twice does nothing twice, so that a call without an answer may be sent again. */
  readonly isRepeatable: boolean;
  /** Which service takes it: Exchange itself, or the compliance service beside it. */
  readonly service: 'exchange' | 'compliance';
  readonly role: ManagementRole;
  readonly required: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterKind>>;
  /** What keeps new values from contradicting each other. What Exchange held is set back all the same. */
  readonly rules: readonly CallRule[];
  /** What holds whatever is sent, also for what is set back. */
  readonly safeguards: readonly CallRule[];
  /** Real seconds to wait for its answer. */
  readonly patience: number;
  /** How often Microsoft lets it be asked; null where that is not published. */
  readonly allowance: Allowance | null;
}

export type Parameters = Readonly<Record<string, ParameterKind>>;
type Details = Partial<
  Pick<CmdletEntry, 'required' | 'rules' | 'service' | 'patience' | 'role' | 'allowance' | 'isRepeatable'>
>;

export const identity: Parameters = { Identity: text() };
export const named: Parameters = { Name: text(objectName, 64) };

const READ_PATIENCE = 60;
/** Exchange works on; who stops listening early only knows less. */
const WRITE_PATIENCE = 180;

export function read(parameters: Parameters, details: Details = {}): CmdletEntry {
  return {
    effect: 'read',
    isRepeatable: true,
    service: 'exchange',
    role: 'View-Only Configuration',
    required: [],
    rules: [],
    safeguards: [],
    patience: READ_PATIENCE,
    allowance: null,
    parameters,
    ...details,
  };
}

/** A read of all objects of a kind, or of one by its identity. */
export function readAll(details: Details = {}): CmdletEntry {
  return read({ ...identity, ResultSize: wholeList }, details);
}

export function write(
  role: ManagementRole,
  required: readonly string[],
  parameters: Parameters,
  rules: readonly CallRule[] = [],
): CmdletEntry {
  return {
    effect: 'write',
    isRepeatable: false,
    service: 'exchange',
    role,
    required,
    rules,
    safeguards: [],
    patience: WRITE_PATIENCE,
    allowance: null,
    parameters: { ...parameters, Confirm: switched },
  };
}

/** Takes an object away. Exchange would ask back, and nobody is there to answer. */
export function removal(role: ManagementRole, required: readonly string[], parameters: Parameters): CmdletEntry {
  const unasked: CallRule = ({ Confirm }) =>
    Confirm === false ? null : 'it needs -Confirm false: nobody is there to answer when Exchange asks back';
  const named: CallRule = (sent) =>
    required.filter((name) => !saysSomething(sent[name])).map((name) => `it needs -${name}`)[0] ?? null;
  return { ...write(role, required, parameters), safeguards: [unasked, named] };
}

/** The two values must not be sent in one call. */
export function apart(one: Sent, other: Sent, because: string): CallRule {
  return (parameters) =>
    isSent(parameters, one) && isSent(parameters, other) ? `${textOf(one)} and ${textOf(other)} ${because}` : null;
}

/** Of a new object, the first value makes no sense without the second. What exists already may have the second. */
export function needs(one: Sent, other: Sent, because: string): CallRule {
  return (parameters) =>
    isSent(parameters, one) && !isSent(parameters, other) ? `${textOf(one)} needs ${textOf(other)}: ${because}` : null;
}

/** With the first value, the second must not be emptied in the same call: what it stands on would be gone. */
export function keeps(one: Sent, other: string, because: string): CallRule {
  return (parameters) =>
    isSent(parameters, one) && Object.hasOwn(parameters, other) && !saysSomething(parameters[other])
      ? `${textOf(one)} and an empty -${other} exclude each other: ${because}`
      : null;
}

/** The rule holds where the value is sent. */
export function when(sent: Sent, rule: CallRule): CallRule {
  return (parameters, now) => (isSent(parameters, sent) ? rule(parameters, now) : null);
}

/** The rule holds where the value is not sent. */
export function unless(sent: Sent, rule: CallRule): CallRule {
  return (parameters, now) => (isSent(parameters, sent) ? null : rule(parameters, now));
}

/** A parameter that says something: with any value, or with one value. */
export type Sent = string | readonly [name: string, value: string | boolean | null];

function isSent(parameters: JsonObject, sent: Sent): boolean {
  if (typeof sent === 'string') return saysSomething(parameters[sent]);
  const [name, value] = sent;
  return parameters[name] === value;
}

/** Whether a value is there and is not the empty or switched-off one. */
export function saysSomething(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return !Array.isArray(value) || value.length > 0;
}

function textOf(sent: Sent): string {
  return typeof sent === 'string' ? `-${sent}` : `-${sent[0]} ${sent[1]}`;
}
