import { type CallRule, identity, read, write } from './cmdlet-entry.ts';
import { choices, flag, guid, integer, mailAddress, moment, text, texts } from './parameter-kind.ts';

const status = choices('Delivered', 'Expanded', 'Failed', 'FilteredAsSpam', 'GettingStatus', 'Pending', 'Quarantined');

const longestTrace = 10 * 86_400_000;

const atMostTenDays: CallRule = ({ StartDate, EndDate }) => {
  if (typeof StartDate !== 'string' || typeof EndDate !== 'string') return null;
  const length = Date.parse(EndDate) - Date.parse(StartDate);
  if (length > longestTrace) return 'From -StartDate to -EndDate are at most ten days: ask in parts';
  return length < 0 ? '-EndDate comes before -StartDate: exchange them' : null;
};

export const organization = {
  'Get-OrganizationConfig': read({}),
  // The role that contains these two contains much more, so it is not asked for; an administrator runs them.
  'Set-OrganizationConfig': write(null, ['RejectDirectSend'], { RejectDirectSend: flag }),
  'Enable-OrganizationCustomization': write(null, [], {}),
  'Get-MessageTraceV2': read(
    {
      EndDate: moment,
      FromIP: text(),
      MessageId: texts(),
      MessageTraceId: text(guid),
      RecipientAddress: texts(mailAddress),
      ResultSize: integer(1, 5000),
      SenderAddress: texts(mailAddress),
      StartDate: moment,
      StartingRecipientAddress: text(mailAddress),
      Status: status,
    },
    { role: 'Message Tracking', required: ['StartDate', 'EndDate'], rules: [atMostTenDays] },
  ),
  'Get-MessageTraceDetailV2': read(
    { EndDate: moment, MessageTraceId: text(guid), RecipientAddress: text(mailAddress), StartDate: moment },
    { role: 'Message Tracking', required: ['MessageTraceId', 'RecipientAddress'] },
  ),
  // Alert policies live in a service of their own, with roles of its own.
  'Get-ProtectionAlert': read(identity, { service: 'compliance', role: null }),
  'Set-ProtectionAlert': {
    ...write(null, ['Identity'], { ...identity, Disabled: flag, NotificationEnabled: flag }),
    service: 'compliance',
  },
} as const;
