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
  const parts = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  const pattern = new RegExp(`^${/like$/iu.test(how) ? parts.join('.*') : parts.join('\\*')}$`, 'isu');
  return (description) => pattern.test(description) !== /^n/iu.test(how);
}
