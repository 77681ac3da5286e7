import { isIP } from 'node:net';
import { invalid } from '../exchange-error.ts';
import { anySpan } from '../ip-addresses.ts';
import { smtpDomain } from '../smtp-domain.ts';

/** An address, a domain, or everybody. */
export function checkSpoofedUser(user: string): void {
  if (user === '*') return;
  const [local, domain, ...rest] = user.split('@');
  const isAddress = domain !== undefined && local !== '' && rest.length === 0;
  if (user.includes('@') && !isAddress) throw invalid(`"${user}" is neither an e-mail address nor a domain.`);
  smtpDomain(domain ?? user);
}

/** The domain of a reverse name or a signature, an IPv4 network of exactly /24, or anything. */
export function checkInfrastructure(infrastructure: string): void {
  if (infrastructure === '*') return;
  const [address = '', bits] = infrastructure.split('/');
  if (isIP(address) === 0) {
    smtpDomain(infrastructure);
    return;
  }
  if (bits !== '24') throw invalid(`"${infrastructure}" must be an IPv4 network of the form 192.0.2.0/24.`);
  anySpan(infrastructure);
}
