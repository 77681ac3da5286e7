import type { Cmdlet } from '../cmdlet.ts';
import { invalid } from '../exchange-error.ts';
import { listOf } from '../exchange-object.ts';
import { filterSpan } from '../ip-addresses.ts';
import { insistOnCustomization } from '../is-dehydrated.ts';
import { flag, list, text } from '../parameter.ts';
import { policyCmdlets } from './policy-cmdlets.ts';

const MOST_ENTRIES = 1273;

export const connectionFilterCmdlets: readonly Cmdlet[] = policyCmdlets({
  noun: 'HostedConnectionFilterPolicy',
  kind: 'connectionFilters',
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
});
