import type { BoundValue } from './bind-parameters.ts';
import { badValue } from './exchange-error.ts';
import type { ExchangeObject } from './exchange-object.ts';

const USUAL = 1000;
/** Said of everything that is not the end, also where a link leads on. */
export const MORE_RESULTS =
  'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.';

/** Cuts a result to `-ResultSize`: a number or the word Unlimited; warns when something was left out. */
export function cutToSize(
  objects: readonly ExchangeObject[],
  size: BoundValue | undefined,
  warnings: string[],
): readonly ExchangeObject[] {
  const word = typeof size === 'string' || typeof size === 'number' ? String(size) : String(USUAL);
  if (word.toLowerCase() === 'unlimited') return objects;
  if (!/^\d+$/u.test(word)) throw badValue('ResultSize', `"${word}" is neither a number nor the word Unlimited.`);
  if (objects.length <= Number(word)) return objects;
  warnings.push(MORE_RESULTS);
  return objects.slice(0, Number(word));
}
