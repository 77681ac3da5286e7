import { traceProblem } from '../../../core/trace-window.ts';
import { type CallRule, identity, read, write } from './cmdlet-entry.ts';
import { choices, flag, guid, integer, mailAddress, moment, text, texts } from './parameter-kind.ts';

const status = choices('Delivered', 'Expanded', 'Failed', 'FilteredAsSpam', 'GettingStatus', 'Pending', 'Quarantined');

/** Source: Get-MessageTraceV2 is throttled at 100 questions in five minutes. */
const traceAllowance = { calls: 100, seconds: 300 };

const withinReach: CallRule = ({ StartDate, EndDate }, now) => {
  if (typeof StartDate !== 'string') return null;
  const to = typeof EndDate === 'string' ? new Date(EndDate) : now;
  const problem = traceProblem(new Date(StartDate), to, now);
  return problem === null ? null : `-StartDate and -EndDate do not go, as ${problem}`;
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
    {
      role: 'Message Tracking',
      required: ['StartDate', 'EndDate'],
      rules: [withinReach],
      allowance: traceAllowance,
    },
  ),
  'Get-MessageTraceDetailV2': read(
    { EndDate: moment, MessageTraceId: text(guid), RecipientAddress: text(mailAddress), StartDate: moment },
    { role: 'Message Tracking', required: ['MessageTraceId', 'RecipientAddress'], rules: [withinReach] },
  ),
  // Alert policies live in a service of their own, with roles of its own.
  'Get-ProtectionAlert': read(identity, { service: 'compliance', role: null }),
  'Set-ProtectionAlert': {
    ...write(null, ['Identity'], { ...identity, Disabled: flag, NotificationEnabled: flag }),
    service: 'compliance',
  },
} as const;
