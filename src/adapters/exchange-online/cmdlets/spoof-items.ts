import { apart, identity, read, removal, write } from './cmdlet-entry.ts';
import { choice, guid, sendingInfrastructure, spoofedUser, text, texts } from './parameter-kind.ts';

const role = 'Tenant AllowBlockList Manager';
const MOST_ITEMS = 1024;
const action = choice('Allow', 'Block');
const ids = texts(guid, MOST_ITEMS);

export const spoofItems = {
  'Get-TenantAllowBlockListSpoofItems': read({}, { role }),
  'New-TenantAllowBlockListSpoofItems': write(
    role,
    ['Identity', 'SpoofedUser', 'SendingInfrastructure', 'SpoofType', 'Action'],
    {
      ...identity,
      Action: action,
      SendingInfrastructure: text(sendingInfrastructure),
      SpoofedUser: text(spoofedUser),
      SpoofType: choice('External', 'Internal'),
    },
    [apart(['SpoofedUser', '*'], ['SendingInfrastructure', '*'], 'together would let everybody pose as everybody')],
  ),
  'Set-TenantAllowBlockListSpoofItems': write(role, ['Identity', 'Ids', 'Action'], {
    ...identity,
    Action: action,
    Ids: ids,
  }),
  'Remove-TenantAllowBlockListSpoofItems': removal(role, ['Identity', 'Ids'], { ...identity, Ids: ids }),
};
