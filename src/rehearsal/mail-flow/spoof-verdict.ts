import { type ExchangeObject, isOn, textOf } from '../exchange/exchange-object.ts';
import type { Authentication } from './authentication.ts';
import { domainOf, type MailMessage } from './mail-message.ts';
import { holdsAddress } from './match.ts';
import { refusals } from './refusals.ts';
import { acceptedDomainOf, type Setup } from './setup.ts';
import type { FilterVerdict } from './spam-filter.ts';

/**
 * What becomes of a message whose author nobody vouches for: what the organisation said about this pair of author and
 * place, else what the author's domain asks for.
 */
export function spoofVerdict(setup: Setup, message: MailMessage, authentication: Authentication): FilterVerdict | null {
  if (authentication.isGenuine || authentication.arc === 'pass') return null;
  const antiPhish = antiPhishOf(setup);
  const said = saidAbout(setup, message, authentication);
  if (said === 'Block') return spoofed(message, 'blocked spoof', antiPhish);
  if (said === 'Allow' || authentication.dmarc !== 'fail') return null;
  return byPolicy(message, authentication.policy, antiPhish);
}

/** The organisation's default policy; the rehearsal has no rules that give some people another one. */
export function antiPhishOf({ antiPhishPolicies }: Setup): ExchangeObject | undefined {
  return antiPhishPolicies.find((policy) => isOn(policy, 'IsDefault')) ?? antiPhishPolicies[0];
}

function byPolicy(
  message: MailMessage,
  policy: Authentication['policy'],
  antiPhish?: ExchangeObject,
): FilterVerdict | null {
  const isHonored = antiPhish?.['HonorDmarcPolicy'] !== false;
  if (policy === 'reject' && isHonored) {
    const isQuarantined = antiPhish?.['DmarcRejectAction'] === 'Quarantine';
    return isQuarantined
      ? { kind: 'quarantined', message, why: 'DMARC' }
      : { kind: 'refused', message, reply: refusals.dmarc };
  }
  if (policy === 'quarantine' && isHonored) {
    const isJunk = antiPhish?.['DmarcQuarantineAction'] === 'MoveToJmf';
    return { kind: isJunk ? 'junk' : 'quarantined', message, why: 'DMARC' };
  }
  if (policy === 'none' || antiPhish?.['EnableSpoofIntelligence'] === false) return null;
  return spoofed(message, 'spoof', antiPhish);
}

function spoofed(message: MailMessage, why: string, antiPhish?: ExchangeObject): FilterVerdict {
  return { kind: antiPhish?.['AuthenticationFailAction'] === 'Quarantine' ? 'quarantined' : 'junk', message, why };
}

/** Of several entries that fit, one that blocks decides. */
function saidAbout(setup: Setup, message: MailMessage, place: Authentication): 'Allow' | 'Block' | null {
  const type = acceptedDomainOf(setup, message.headerFrom) === null ? 'External' : 'Internal';
  const users = [message.headerFrom.toLowerCase(), domainOf(message.headerFrom), '*'];
  const actions = setup.spoofItems
    .filter((item) => item['SpoofType'] === type && users.includes(textOf(item, 'SpoofedUser').toLowerCase()))
    .filter((item) => isPlace(textOf(item, 'SendingInfrastructure').toLowerCase(), message, place))
    .map((item) => item['Action']);
  if (actions.includes('Block')) return 'Block';
  return actions.includes('Allow') ? 'Allow' : null;
}

/** Everywhere, the /24 of the server, the domain of its name, or the domain that signed. */
function isPlace(infrastructure: string, { dkim }: MailMessage, { address, server }: Authentication): boolean {
  if (infrastructure === '*') return true;
  if (/^[\d./]+$/u.test(infrastructure)) return holdsAddress([infrastructure], address);
  return [server, dkim?.toLowerCase()].some((name) => `.${name ?? ''}`.endsWith(`.${infrastructure}`));
}
