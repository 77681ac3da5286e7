import type { Reach } from '../core/reach.ts';

/** Whom the sample plan touches, with every kind of line. */
export const sampleReach: Reach = {
  domains: ['contoso.com', 'contoso.onmicrosoft.com', 'sales.contoso.com'],
  mayRefuse: true,
  neighbours: [
    {
      object: { kind: 'InboundConnector', identity: 'Inbound from Contoso HQ' },
      why: 'It belongs to own servers and keeps letting in what it knows by certificate or address.',
    },
  ],
  trace: {
    kind: 'read',
    from: '2026-11-11T14:04:40Z',
    to: '2026-11-21T14:04:40Z',
    isWhole: true,
    messages: 5120,
    recipients: 388,
    refused: {
      messages: 42,
      sources: 2,
      top: [
        {
          address: '198.51.100.81',
          domains: ['newsletter.example', 'shop.example'],
          moreDomains: 0,
          messages: 30,
          recipients: 17,
          lastSeen: '2026-11-21T06:12:00Z',
          isOwn: false,
          doubt: null,
        },
        {
          address: '203.0.113.44',
          domains: ['contoso.com'],
          moreDomains: 0,
          messages: 12,
          recipients: 2,
          lastSeen: '2026-11-20T16:40:00Z',
          isOwn: true,
          doubt: 'The trace does not tell which certificate a server shows.',
        },
      ],
    },
    admitted: {
      messages: 3,
      sources: 1,
      top: [
        {
          address: '192.0.2.9',
          domains: [''],
          moreDomains: 0,
          messages: 3,
          recipients: 1,
          lastSeen: '2026-11-19T09:00:00Z',
          isOwn: false,
          doubt: null,
        },
      ],
    },
  },
};
