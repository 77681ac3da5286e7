import { defineGateway } from '../gateway.ts';

/** Mimecast (US): what its vendor publishes for Microsoft 365. */
export const mimecastUs = defineGateway({
  key: 'mimecast-us',
  name: 'Mimecast (US)',
  aliases: ['Mimecast United States'],
  ranges: [
    '170.10.128.0/24',
    '170.10.129.0/24',
    '170.10.130.0/24',
    '170.10.131.0/24',
    '170.10.132.0/24',
    '170.10.133.0/24',
    '205.139.110.0/24',
    '205.139.111.0/24',
    '207.211.30.0/24',
    '207.211.31.0/25',
  ],
  mxPatterns: ['^us-smtp-inbound-[12]\\.mimecast\\.com$'],
  spfIncludes: ['us._netblocks.mimecast.com'],
  smartHosts: ['us-smtp-o365-outbound-1.mimecast.com', 'us-smtp-o365-outbound-2.mimecast.com'],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'high',
  sources: ['mimecastsupport.zendesk.com, article 34000358773523', 'support.easydmarc.com, Mimecast lock-down'],
  quirks: [
    'Only the United States grid is listed; for another grid choose the generic gateway and type its ranges.',
    'The vendor asks for certificate name and addresses on one connector; addresses alone are set here, because the two restrictions exclude each other.',
  ],
});
