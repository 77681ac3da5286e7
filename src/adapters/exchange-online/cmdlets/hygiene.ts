import { identity, read, write } from './cmdlet-entry.ts';
import { choice, domainName, filterAddresses, flag, mergedTexts, oneNumber, texts } from './parameter-kind.ts';

const role = 'Transport Hygiene';
const MOST_FILTERED = 1273;

export const hygiene = {
  'Get-HostedConnectionFilterPolicy': read(identity),
  'Set-HostedConnectionFilterPolicy': write(role, ['Identity'], {
    ...identity,
    IPAllowList: mergedTexts(filterAddresses, MOST_FILTERED),
    IPBlockList: mergedTexts(filterAddresses, MOST_FILTERED),
  }),
  'Get-HostedContentFilterPolicy': read(identity),
  'Get-AntiPhishPolicy': read(identity),
  'Set-AntiPhishPolicy': write(role, ['Identity'], {
    ...identity,
    AuthenticationFailAction: choice('MoveToJmf', 'Quarantine'),
    EnableSpoofIntelligence: flag,
    EnableUnauthenticatedSender: flag,
    EnableViaTag: flag,
    HonorDmarcPolicy: flag,
  }),
  'Get-DkimSigningConfig': read(identity),
  'New-DkimSigningConfig': write(role, ['DomainName', 'Enabled'], {
    DomainName: { kind: 'text', longest: 255, form: domainName },
    Enabled: flag,
    KeySize: oneNumber(1024, 2048),
  }),
  'Set-DkimSigningConfig': write(role, ['Identity'], { ...identity, Enabled: flag }),
  'Get-ArcConfig': read({}),
  // It replaces the list, so whoever sends it must have read it.
  'Set-ArcConfig': write(role, ['Identity', 'ArcTrustedSealers'], {
    ...identity,
    ArcTrustedSealers: texts(domainName),
  }),
};
