import type { Bound } from '../bind-parameters.ts';
import type { Cmdlet } from '../cmdlet.ts';
import { badArgument } from '../exchange-error.ts';
import type { ExchangeObject } from '../exchange-object.ts';
import { boundText, type Parameters, text } from '../parameter.ts';
import { partNames } from '../rule-text.ts';
import { actions, conditions } from '../rules/transport-rule-parameters.ts';

/** What rules can be made of. Exceptions are the conditions again, so they are not listed. */
export const rulePartCmdlets: readonly Cmdlet[] = [
  partCmdlet('Get-TransportRulePredicate', conditions),
  partCmdlet('Get-TransportRuleAction', actions),
];

function partCmdlet(name: string, table: Parameters): Cmdlet {
  return { name, parameters: { Name: text }, run: (_context, bound) => parts(table, bound) };
}

function parts(table: Parameters, bound: Bound): ExchangeObject[] {
  const wanted = boundText(bound, 'Name').toLowerCase();
  const all = partNames(table).map((Name, Rank) => ({ Name, Rank, LinkedDisplayText: Name }));
  const found = all.filter(({ Name }) => wanted === '' || Name.toLowerCase() === wanted);
  if (found.length > 0) return found;
  throw badArgument(`There is no part of a transport rule with the name '${wanted}'.\r\nParameter name: 'Name'`);
}
