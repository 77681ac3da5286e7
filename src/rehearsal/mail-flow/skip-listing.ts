import { type ExchangeObject, isOn, listOf } from '../exchange/exchange-object.ts';
import { isMicrosoft, isPrivate } from '../exchange/ip-addresses.ts';
import { type MailMessage, withHeader } from './mail-message.ts';
import { holdsAddress } from './match.ts';
import { helo } from './wire.ts';

/** Where Exchange Online finds the true sender that enhanced filtering made it look for. */
export const SKIP_HEADERS = ['X-MS-Exchange-SkipListedInternetSender', 'X-MS-Exchange-ExternalOriginalInternetSender'];

/**
 * The hops that enhanced filtering looks past, newest first: private ones always, Microsoft's own never. The server a
 * message began at is never one of them.
 */
export function skippedHops(connector: ExchangeObject | null, message: MailMessage, source: string): string[] {
  if (!connector || isOn(connector, 'EFTestMode') || !isForAll(connector, message)) return [];
  const isLast = isOn(connector, 'EFSkipLastIP');
  const listed = listOf(connector, 'EFSkipIPs');
  if (!isLast && listed.length === 0) return [];
  const chain = [...message.hops, source].reverse();
  const isSkipped = (hop: string, index: number): boolean =>
    isPrivate(hop) || (isLast ? index === 0 : holdsAddress(listed, hop) && !isMicrosoft(hop));
  const sender = chain.findIndex((hop, index) => !isSkipped(hop, index));
  return chain.slice(
    0,
    sender === -1
      ? Math.max(
          0,
          chain.findLastIndex((hop) => !isPrivate(hop)),
        )
      : sender,
  );
}

/** The message with the sender that was found behind the skipped hops, whatever its own headers claim. */
export function withFoundSender(message: MailMessage, address: string): MailMessage {
  return SKIP_HEADERS.reduce((marked, name) => withHeader(marked, name, `ip=[${address}];domain=${helo}`), message);
}

function isForAll(connector: ExchangeObject, { recipients }: MailMessage): boolean {
  const users = listOf(connector, 'EFUsers').map((user) => user.toLowerCase());
  return users.length === 0 || recipients.every((recipient) => users.includes(recipient.toLowerCase()));
}
