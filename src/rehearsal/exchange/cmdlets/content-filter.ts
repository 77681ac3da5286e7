import type { Cmdlet } from '../cmdlet.ts';
import { invalid } from '../exchange-error.ts';
import { insistOnCustomization } from '../is-dehydrated.ts';
import { contentFilterSettings } from '../parameters/content-filter-parameters.ts';
import { policyCmdlets } from './policy-cmdlets.ts';

export const contentFilterCmdlets: readonly Cmdlet[] = policyCmdlets({
  noun: 'HostedContentFilterPolicy',
  kind: 'contentFilters',
  settings: contentFilterSettings,
  check: (context, policy) => {
    insistOnCustomization(context);
    const threshold = Number(policy['BulkThreshold']);
    if (threshold < 1 || threshold > 9) throw invalid('BulkThreshold must be a value from 1 to 9.');
  },
});
