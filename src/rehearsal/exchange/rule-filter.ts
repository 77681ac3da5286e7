import type { Bound } from './bind-parameters.ts';
import { badArgument } from './exchange-error.ts';
import { type ExchangeObject, textOf } from './exchange-object.ts';
import { boundText } from './parameter.ts';

/** Rules can be looked for by what their generated description says, and by nothing else. */
const FILTER = /^\s*\{?\s*Description\s+-(?<how>eq|ne|like|notlike)\s+(?<quote>["'])(?<text>.*)\k<quote>\s*\}?\s*$/iu;

/** Whether a rule is one of those that Get-TransportRule is asked for. */
export function isAskedFor(bound: Bound): (rule: ExchangeObject) => boolean {
  const isDescribed = descriptionFilter(boundText(bound, 'Filter'));
  const isIn = (name: 'State' | 'DlpPolicy') => (rule: ExchangeObject) =>
    boundText(bound, name) === '' || textOf(rule, name).toLowerCase() === boundText(bound, name).toLowerCase();
  return (rule) => isIn('State')(rule) && isIn('DlpPolicy')(rule) && isDescribed(textOf(rule, 'Description'));
}

function descriptionFilter(filter: string): (description: string) => boolean {
  if (filter.trim() === '') return () => true;
  const { how = '', text = '' } = FILTER.exec(filter)?.groups ?? {};
  if (how === '') throw badArgument(`The filter "${filter}" isn't valid.\r\nParameter name: 'Filter'`);
  const isFound = /like$/iu.test(how) ? isLike : (description: string, wanted: string) => description === wanted;
  const isNegated = /^n/iu.test(how);
  return (description) => isFound(description.toLowerCase(), text.toLowerCase()) !== isNegated;
}

/** A star stands for any text. Each part is looked for once, so many stars take no longer than one. */
function isLike(text: string, pattern: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.endsWith(tail) && text.length - tail.length >= at;
}
