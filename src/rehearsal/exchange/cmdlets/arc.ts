import type { Cmdlet } from '../cmdlet.ts';
import { missingParameter } from '../exchange-error.ts';
import { listOf } from '../exchange-object.ts';
import { getObjects, isWhatIf, namedObject, save } from '../objects.ts';
import { list, required, text, writing } from '../parameter.ts';
import { smtpDomain } from '../smtp-domain.ts';

const KIND = 'arcConfigs';

export const arcCmdlets: readonly Cmdlet[] = [
  { name: 'Get-ArcConfig', parameters: {}, run: (context, bound) => getObjects(context, KIND, bound) },
  {
    name: 'Set-ArcConfig',
    parameters: { ...writing, Identity: required(text), ArcTrustedSealers: required(list) },
    run: (context, bound) => {
      const config = namedObject(context, KIND, bound);
      const given = bound.get('ArcTrustedSealers');
      // The list is replaced whatever is asked: Add and Remove mean nothing here.
      if (!Array.isArray(given)) throw missingParameter('Set-ArcConfig', ['ArcTrustedSealers']);
      const sealers = listOf({ given }, 'given').flatMap((entry) => entry.split(',').map((domain) => domain.trim()));
      const ArcTrustedSealers = sealers.filter((domain) => domain !== '').map(smtpDomain);
      if (!isWhatIf(bound)) save(context, KIND, { ...config, ArcTrustedSealers });
      return [];
    },
  },
];
