import { defineGateway } from '../gateway.ts';

/** Mailprotector (CloudFilter): what its vendor publishes for Microsoft 365. */
export const mailprotector = defineGateway({
  key: 'mailprotector',
  name: 'Mailprotector (CloudFilter)',
  aliases: ['Mailprotector', 'CloudFilter', 'emailservice.io'],
  ranges: ['52.0.31.31', '52.0.70.91', '52.0.74.211'],
  mxPatterns: ['(^|\\.)emailservice\\.(io|co|cc)$'],
  spfIncludes: [],
  smartHosts: [],
  version: '1',
  asOf: '2026-11-21',
  confidence: 'medium',
  sources: [
    'support.mailprotector.com, “Office 365 - Inbound Connector”',
    'support.mailprotector.com, article 33231758926996 (delivery addresses)',
  ],
  quirks: [
    'The connector is created switched off and turned on only after the MX records have moved.',
    'The vendor recommends enhanced filtering and keeps a rule that lowers the spam level as a last resort.',
  ],
});
