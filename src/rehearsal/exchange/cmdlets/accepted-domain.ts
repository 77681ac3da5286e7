import type { Cmdlet } from '../cmdlet.ts';
import { getObjects, isWhatIf, merged, namedObject, save } from '../objects.ts';
import { choice, each, flag, required, text, writing } from '../parameter.ts';

const KIND = 'acceptedDomains';
/** Meant for the server product; here they are taken and do nothing. */
const IGNORED = ['AddressBookEnabled', 'MakeDefault', 'Name', 'PendingCompletion', 'PendingRemoval'];

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
      ...each('AddressBookEnabled EnableNego2Authentication MakeDefault PendingCompletion PendingRemoval', flag),
      CanHaveCloudCache: flag,
      DomainType: choice('Authoritative', 'InternalRelay', 'ExternalRelay'),
      MailFlowRegion: text,
      MatchSubDomains: flag,
      Name: text,
      OutboundOnly: flag,
      SendingFromDomainDisabled: flag,
      SendingToDomainDisabled: flag,
    },
    run: (context, bound) => {
      const meant = new Map([...bound].filter(([name]) => !IGNORED.includes(name)));
      const domain = merged(namedObject(context, KIND, bound), meant);
      if (!isWhatIf(bound)) save(context, KIND, domain);
      return [];
    },
  },
];
