import { defineGateway } from '../gateway.ts';

/** Barracuda Email Gateway Defense (US): what its vendor publishes for Microsoft 365. */
export const barracudaUs = defineGateway({
  key: 'barracuda-us',
  name: 'Barracuda Email Gateway Defense (US)',
  aliases: ['Barracuda US', 'Barracuda ESS US', 'Email Gateway Defense US'],
  ranges: [
    '209.222.80.0/24',
    '209.222.81.0/24',
    '209.222.82.0/24',
    '209.222.83.0/24',
    '209.222.84.0/24',
    '209.222.85.0/24',
    '209.222.86.0/24',
    '209.222.87.0/24',
  ],
  mxPatterns: ['\\.ess\\.barracudanetworks\\.com$'],
  spfIncludes: ['spf.ess.barracudanetworks.com'],
  smartHosts: [],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'high',
  sources: [
    'Barracuda Campus, “Email Gateway Defense IP ranges”',
    'CIPP-API, DNSHealth mail providers, BarracudaESS.json',
  ],
  quirks: [
    'Only the United States region is listed; for another region choose the generic gateway and type the ranges Barracuda gives.',
    'The smart host for outbound mail differs per account and is shown in the Barracuda console.',
  ],
});
