import { switchProblem, type TenantSwitches } from './switches.ts';

/** Switches out of their JSON, `{}` when empty; a RangeError says what is wrong with it. */
export function switchesFromJson(text: string): Partial<TenantSwitches> {
  const switches = text === '' ? {} : objectIn(text);
  const problem = Object.entries(switches)
    .map(([name, value]) => switchProblem(name, value))
    .find((one) => one !== null);
  if (problem === undefined) return switches;
  throw new RangeError(`REHEARSAL_SWITCHES: ${problem}`);
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // falls through to the one message
  }
  throw new RangeError(`REHEARSAL_SWITCHES must be a JSON object such as {"roleSeconds":0}; it is "${text}".`);
}
