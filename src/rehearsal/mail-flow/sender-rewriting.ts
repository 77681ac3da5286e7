import { createHash } from 'node:crypto';
import { type ExchangeObject, isOn, textOf } from '../exchange/exchange-object.ts';
import type { Authentication } from './authentication.ts';
import type { MailMessage } from './mail-message.ts';
import { acceptedDomainOf, type Setup } from './setup.ts';

/**
 * The message with an envelope sender of the organisation's own when it passes on outside what somebody outside wrote
 * (SRS), so that its SPF holds. Not on the way to own servers unless the connector says so, and not for mail that
 * nobody vouched for when it came.
 */
export function withRewrittenSender(
  message: MailMessage,
  {
    setup,
    connector,
    authentication,
  }: {
    readonly setup: Setup;
    readonly connector: ExchangeObject | null;
    readonly authentication: Authentication | null;
  },
): MailMessage {
  const isForeign = message.from !== '' && acceptedDomainOf(setup, message.from) === null;
  const isForwarded = isForeign && acceptedDomainOf(setup, message.to) === null;
  const isToOwnServer = connector?.['ConnectorType'] === 'OnPremises' && !isOn(connector, 'SenderRewritingEnabled');
  const isVouched = authentication === null || authentication.spf === 'pass' || authentication.dkim === 'pass';
  return isForwarded && !isToOwnServer && isVouched ? { ...message, from: rewritten(setup, message.from) } : message;
}

function rewritten({ acceptedDomains, initialDomain }: Setup, sender: string): string {
  const main = acceptedDomains.find((domain) => isOn(domain, 'Default'));
  const hash = createHash('sha256').update(sender.toLowerCase()).digest('hex').slice(0, 7);
  return `bounces+SRS=${hash.slice(0, 5)}=${hash.slice(5)}@${main ? textOf(main, 'DomainName') : initialDomain}`;
}
