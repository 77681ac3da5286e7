import { type ExchangeObject, isOn } from '../exchange/exchange-object.ts';
import { type MailMessage, withHeader, withoutHeaders } from './mail-message.ts';

/** By which the two halves of a hybrid organisation tell each other that a message is their own. */
export const INTERNAL_MARK = 'X-MS-Exchange-CrossPremises-AuthAs';

const MARKS = /^x-ms-exchange-crosspremises-/iu;

/** A message as it comes in: only a hybrid connector keeps what the other half has written. */
export function withTrustedMarks(message: MailMessage, connector: ExchangeObject | null): MailMessage {
  return isHybrid(connector) ? message : withoutMarks(message);
}

/** A message as it leaves: only a hybrid connector tells the other half whether it is the organisation's own. */
export function withMarks(message: MailMessage, connector: ExchangeObject | null, isInternal: boolean): MailMessage {
  const bare = withoutMarks(message);
  return isHybrid(connector) ? withHeader(bare, INTERNAL_MARK, isInternal ? 'Internal' : 'Anonymous') : bare;
}

function isHybrid(connector: ExchangeObject | null): boolean {
  return connector !== null && isOn(connector, 'CloudServicesMailEnabled');
}

function withoutMarks(message: MailMessage): MailMessage {
  const names = message.headers.map(({ name }) => name).filter((name) => MARKS.test(name));
  return names.length === 0 ? message : withoutHeaders(message, names);
}
