import type { Cmdlet } from '../cmdlet.ts';
import { invalid } from '../exchange-error.ts';
import { textOf } from '../exchange-object.ts';
import { insistOnCustomization } from '../is-dehydrated.ts';
import { each, flag } from '../parameter.ts';
import { antiPhishSettings } from '../parameters/anti-phish-parameters.ts';
import { policyCmdlets } from './policy-cmdlets.ts';

export const antiPhishCmdlets: readonly Cmdlet[] = policyCmdlets({
  noun: 'AntiPhishPolicy',
  kind: 'antiPhishPolicies',
  settings: antiPhishSettings,
  reading: each('Advanced Impersonation Spoof', flag),
  check: (context, policy) => {
    insistOnCustomization(context);
    if (textOf(policy, 'RecommendedPolicyType') !== 'Custom') {
      throw invalid(`The policy "${textOf(policy, 'Name')}" is a preset one and can't be changed.`);
    }
    const level = Number(policy['PhishThresholdLevel']);
    if (level < 1 || level > 4) throw invalid('PhishThresholdLevel must be a value from 1 to 4.');
  },
});
