import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { BLOCKED_ADDRESSES_AFTER, effectiveAfter } from '../effective-after.ts';
import { invalid } from '../exchange-error.ts';
import { type ExchangeObject, listOf } from '../exchange-object.ts';
import { filterSpan } from '../ip-addresses.ts';
import { insistOnCustomization } from '../is-dehydrated.ts';
import { flag, list, text } from '../parameter.ts';
import { policyCmdlets } from './policy-cmdlets.ts';

const KIND = 'connectionFilters';
const MOST_ENTRIES = 1273;

export const connectionFilterCmdlets: readonly Cmdlet[] = policyCmdlets({
  noun: 'HostedConnectionFilterPolicy',
  kind: KIND,
  settings: {
    AdminDisplayName: text,
    ConfigurationXmlRaw: text,
    EnableSafeList: flag,
    IPAllowList: list,
    IPBlockList: list,
    MakeDefault: flag,
  },
  check: (context, policy) => {
    insistOnCustomization(context);
    for (const name of ['IPAllowList', 'IPBlockList']) {
      const entries = listOf(policy, name);
      if (entries.length > MOST_ENTRIES) throw invalid(`${name} takes at most ${MOST_ENTRIES} entries.`);
      for (const entry of entries) filterSpan(entry);
    }
  },
  effective: (context, policy) =>
    blocksOthers(context, policy) ? BLOCKED_ADDRESSES_AFTER : effectiveAfter(context.tenant, KIND),
});

/** Whether other addresses are to be blocked than mail flow blocks now. */
function blocksOthers({ tenant, now }: CmdletContext, policy: ExchangeObject): boolean {
  const acting = tenant.effective(KIND, now).find((one) => one['Guid'] === policy['Guid']) ?? {};
  const [before, after] = [acting, policy].map((one) => listOf(one, 'IPBlockList').toSorted().join(' '));
  return before !== after;
}
