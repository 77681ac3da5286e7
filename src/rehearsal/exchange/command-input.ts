import { BadRequest } from '../http.ts';

/** The cmdlet and its parameters out of `{ CmdletInput: { CmdletName, Parameters } }`. */
export function commandInput(body: Readonly<Record<string, unknown>>): {
  cmdlet: string;
  parameters: Readonly<Record<string, unknown>>;
} {
  const input = asObject(body['CmdletInput']);
  const name = input?.['CmdletName'];
  // Left out, there are none; null is refused.
  const parameters = asObject(input && 'Parameters' in input ? input['Parameters'] : {});
  if (typeof name !== 'string' || !parameters) {
    throw new BadRequest('CmdletInput must hold CmdletName and Parameters, an object.');
  }
  return { cmdlet: name, parameters };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
