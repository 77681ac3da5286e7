import { isOn, textOf } from '../exchange/exchange-object.ts';
import type { Authentication } from './authentication.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import type { Network } from './network.ts';
import { acceptedDomainOf, type Setup } from './setup.ts';

/** What a message that leaves an organisation needs to know of its way in. */
export interface Leaving {
  readonly setup: Setup;
  readonly network: Network;
  readonly authentication: Authentication | null;
  /** The organisation's own users or servers sent it. */
  readonly isOwn: boolean;
}

/** The message as Exchange Online passes it on: sealed, and signed when the organisation wrote it. */
export function signOutgoing(message: MailMessage, { setup, network, authentication, isOwn }: Leaving): MailMessage {
  const isGenuine = authentication === null || authentication.isGenuine || authentication.arc === 'pass';
  const sealed = { ...message, arc: { sealer: 'microsoft.com', isGenuine } };
  if (!isOwn || acceptedDomainOf(setup, message.headerFrom) === null) return sealed;
  return { ...sealed, dkim: signerOf(setup, network, domainOf(message.headerFrom)) };
}

/** The author's domain where signing is on, else the initial one. Null is a signature whose key nobody finds. */
function signerOf({ dkimConfigs, initialDomain }: Setup, network: Network, author: string): string | null {
  const config = dkimConfigs.find((one) => textOf(one, 'Domain').toLowerCase() === author);
  if (!config || author === initialDomain || !isOn(config, 'Enabled')) return initialDomain;
  return network.publishesKeys(config) ? author : null;
}
