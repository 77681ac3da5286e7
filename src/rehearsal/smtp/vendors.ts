import type { SmtpVia } from './smtp-data.ts';

/** Who is behind a host name, by its end. */
const vendors: Readonly<Record<string, SmtpVia>> = {
  'exchangedefender.com': 'exchangedefender',
  'emailservice.io': 'mailprotector',
  'gate.example': 'gate',
  'oldgate.example': 'oldgate',
  'inline.example': 'inline',
  'inkwell.example': 'inkwell',
};

export function vendorOf(host: string): SmtpVia {
  const suffix = Object.keys(vendors).find((name) => host === name || host.endsWith(`.${name}`));
  return (suffix && vendors[suffix]) || 'gate';
}
