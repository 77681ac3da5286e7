import { defineGateway } from '../gateway.ts';

/** Zix / AppRiver Email Threat Protection: what its vendor publishes for Microsoft 365. */
export const zix = defineGateway({
  key: 'zix',
  name: 'Zix / AppRiver Email Threat Protection',
  aliases: ['Zix', 'AppRiver', 'OpenText Email Threat Protection', 'Zix AppRiver'],
  ranges: [
    '199.187.164.0/24',
    '199.187.165.0/24',
    '199.187.166.0/24',
    '199.187.167.0/24',
    '199.30.235.11',
    '204.232.250.0/24',
    '5.152.184.128/25',
    '5.152.185.128/26',
    '5.152.188.0/24',
    '69.20.58.224/28',
    '69.25.26.128/26',
    '74.203.184.184',
    '74.203.184.185',
    '74.203.185.12',
    '8.19.118.0/24',
    '8.31.233.0/24',
  ],
  mxPatterns: ['\\.arsmtp\\.com$'],
  spfIncludes: [],
  smartHosts: [],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'high',
  sources: ['AppRiver support scripts for Office 365', 'CIPP-API, DNSHealth mail providers, AppRiver.json'],
  quirks: ['SPF includes a name per customer domain, the domain with dashes followed by spf.smtp25.com.'],
});
