import type { Cmdlet } from '../cmdlet.ts';
import { getObjects, isWhatIf, merged, namedObject, save } from '../objects.ts';
import { choice, flag, required, text, writing } from '../parameter.ts';

const KIND = 'acceptedDomains';

export const acceptedDomainCmdlets: readonly Cmdlet[] = [
  {
    name: 'Get-AcceptedDomain',
    parameters: { Identity: text, ResultSize: text },
    run: (context, bound) => getObjects(context, KIND, bound),
  },
  {
    name: 'Set-AcceptedDomain',
    parameters: {
      ...writing,
      Identity: required(text),
      CanHaveCloudCache: flag,
      DomainType: choice('Authoritative', 'InternalRelay', 'ExternalRelay'),
      MailFlowRegion: text,
      MatchSubDomains: flag,
      OutboundOnly: flag,
      SendingFromDomainDisabled: flag,
      SendingToDomainDisabled: flag,
    },
    run: (context, bound) => {
      const domain = merged(namedObject(context, KIND, bound), bound);
      if (!isWhatIf(bound)) save(context, KIND, domain);
      return [];
    },
  },
];
