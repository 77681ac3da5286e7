/** How a parameter's JSON value is read. */
export type Parameter =
  | { readonly kind: 'text' | 'flag' | 'number' | 'date' | 'list' | 'table'; readonly required?: true }
  | { readonly kind: 'choice' | 'choices'; readonly members: readonly string[]; readonly required?: true }
  | { readonly kind: 'form'; readonly form: Form; readonly required?: true };

/** A text that must be of a .NET type. */
export interface Form {
  readonly type: string;
  /** The value as Exchange stores it, or null for none of that type. */
  readonly read: (value: string) => string | null;
}

export type Parameters = Readonly<Record<string, Parameter>>;

export const text: Parameter = { kind: 'text' };
export const flag: Parameter = { kind: 'flag' };
export const number: Parameter = { kind: 'number' };
export const date: Parameter = { kind: 'date' };
export const list: Parameter = { kind: 'list' };

/** Names and values of any kind, as PowerShell's hash tables hold them. */
export const table: Parameter = { kind: 'table' };

/** Any number of members. */
export function choices(...members: readonly string[]): Parameter {
  return { kind: 'choices', members };
}

export function choice(...members: readonly string[]): Parameter {
  return { kind: 'choice', members };
}

export function inForm(form: Form): Parameter {
  return { kind: 'form', form };
}

export function required(parameter: Parameter): Parameter {
  return { ...parameter, required: true };
}

/** The same parameter under several names, which are given with blanks between them. */
export function each(names: string, parameter: Parameter): Parameters {
  return Object.fromEntries(names.split(' ').map((name) => [name, parameter]));
}

/** Taken by every cmdlet that writes. */
export const writing: Parameters = { Confirm: flag, WhatIf: flag };

/** PowerShell's common parameters, which every cmdlet takes and which change nothing here. */
export const common: Parameters = {
  ErrorAction: text,
  WarningAction: text,
  InformationAction: text,
  Verbose: flag,
  Debug: flag,
};

/** A text that was bound, empty when there is none. */
export function boundText(bound: ReadonlyMap<string, unknown>, name: string): string {
  const value = bound.get(name);
  return typeof value === 'string' ? value : '';
}
