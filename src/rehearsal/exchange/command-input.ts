import { BadRequest } from '../http.ts';

/** The cmdlet and its parameters out of `{ CmdletInput: { CmdletName, Parameters } }`; a header may name it again. */
export function commandInput(
  body: unknown,
  header: (name: string) => string,
): {
  cmdlet: string;
  parameters: Readonly<Record<string, unknown>>;
} {
  const input = asObject(asObject(body)?.['CmdletInput']);
  const name = input?.['CmdletName'];
  // Left out, there are none; null is refused.
  const parameters = asObject(input && 'Parameters' in input ? input['Parameters'] : {});
  if (typeof name !== 'string' || !parameters) {
    throw new BadRequest('CmdletInput must hold CmdletName and Parameters, an object.');
  }
  const again = header('x-cmdletname');
  if (again !== '' && again.toLowerCase() !== name.toLowerCase()) {
    throw new BadRequest(`The header X-CmdletName names ${again}, and the body ${name}.`);
  }
  return { cmdlet: name, parameters };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
