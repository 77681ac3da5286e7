import type { Finding } from '../core/check.ts';

/** A fact that holds. */
export const sampleMx: Finding = {
  check: 'mx-at-gateway',
  status: 'pass',
  rule: 'Every MX of every domain behind the connector is a host of ExchangeDefender.',
  fact: 'resolver-1 and resolver-2 both see only inbound30.exchangedefender.com for contoso.com and sales.contoso.com.',
  remedy: '',
  evidence: { 'contoso.com': ['inbound30.exchangedefender.com'] },
};

/** A fact that holds, with a doubt. */
export const sampleProbe: Finding = {
  check: 'gateway-accepts-mail',
  status: 'warn',
  rule: 'The gateway takes mail for the domain.',
  fact: 'inbound30.exchangedefender.com answered 250 for postmaster@contoso.com; its second host did not greet within 5 s.',
  remedy: 'Ask ExchangeDefender about inbound31.exchangedefender.com.',
  evidence: { accepted: true },
};
