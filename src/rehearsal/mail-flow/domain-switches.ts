import { isOn } from '../exchange/exchange-object.ts';
import type { MailMessage } from './mail-message.ts';
import { acceptedDomainOf, type Setup } from './setup.ts';

/** Whether the organisation may send a message with this author and envelope sender (SendingFromDomainDisabled). */
export function maySendFrom(setup: Setup, { from, headerFrom }: MailMessage): boolean {
  return [from, headerFrom].every((address) => !hasSwitch(setup, address, 'SendingFromDomainDisabled'));
}

/** Whether mail for an address is delivered at all (SendingToDomainDisabled), wherever it comes from. */
export function maySendTo(setup: Setup, address: string): boolean {
  return !hasSwitch(setup, address, 'SendingToDomainDisabled');
}

function hasSwitch(setup: Setup, address: string, name: string): boolean {
  const domain = acceptedDomainOf(setup, address);
  return domain !== null && isOn(domain, name);
}
