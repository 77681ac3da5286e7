import { defineGateway } from '../gateway.ts';

/** ExchangeDefender: what its vendor publishes for Microsoft 365. */
export const exchangedefender = defineGateway({
  key: 'exchangedefender',
  name: 'ExchangeDefender',
  aliases: ['Exchange Defender', 'OwnWebNow', 'XD'],
  ranges: ['65.99.255.0/24'],
  mxPatterns: ['(^|\\.)exchangedefender\\.com$'],
  spfIncludes: ['proxy.exchangedefender.com'],
  smartHosts: ['outbound.exchangedefender.com'],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'high',
  sources: [
    'ExchangeDefender documentation, “Configuring Microsoft365 with ExchangeDefender”',
    'ExchangeDefender deployment guide (names of the mail exchangers)',
  ],
  quirks: [
    'Automatic replies have to leave by MX and not through the smart host, which drops them.',
    'Spoof allow pairs also name 206.125.40.0/24, from where nothing is delivered to the tenant.',
    'The printed PowerShell line makes a connector of type OnPremises, which restricts nothing; the connector has to be of type Partner.',
  ],
});
