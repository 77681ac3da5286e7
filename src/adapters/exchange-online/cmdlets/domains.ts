import { identity, readAll, write } from './cmdlet-entry.ts';
import { choice, flag } from './parameter-kind.ts';

const role = 'Remote and Accepted Domains';

export const domains = {
  'Get-AcceptedDomain': readAll(),
  'Set-AcceptedDomain': write(role, ['Identity'], {
    ...identity,
    DomainType: choice('Authoritative', 'InternalRelay'),
    MatchSubDomains: flag,
  }),
  'Get-RemoteDomain': readAll(),
  'Set-RemoteDomain': write(role, ['Identity'], {
    ...identity,
    AllowedOOFType: choice('External', 'ExternalLegacy', 'InternalLegacy', 'None'),
    AutoReplyEnabled: flag,
  }),
};
