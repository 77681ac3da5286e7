import { hostAddresses } from '../dns/dns-seed.ts';

type MailHostRole = 'tenant-edge' | 'gateway' | 'own-server';

/** One listening address and who is behind it. Several front ends share an address, as they do at Microsoft. */
export interface MailHost {
  readonly role: MailHostRole;
  readonly address: string;
  readonly certificateNames: readonly string[];
  readonly frontEnds: readonly string[];
  /** What follows `ESMTP` in the greeting, before the time. */
  readonly banner: string;
}

export const mailHosts: readonly MailHost[] = [
  {
    role: 'tenant-edge',
    address: hostAddresses.tenantEdge,
    certificateNames: [
      'mail.protection.outlook.com',
      '*.mail.protection.outlook.com',
      '*.mail.eo.outlook.com',
      '*.mx.microsoft',
      '*.n-v1.mx.microsoft',
    ],
    frontEnds: ['DB5PEPF00014B9E.mail.protection.outlook.com', 'AM3PEPF0000A790.mail.protection.outlook.com'],
    banner: 'MAIL Service ready at',
  },
  {
    role: 'gateway',
    address: hostAddresses.gateways,
    certificateNames: [
      '*.exchangedefender.com',
      '*.inbound.emailservice.io',
      '*.emailservice.io',
      '*.gate.example',
      '*.oldgate.example',
      '*.eu.inline.example',
      '*.inkwell.example',
    ],
    frontEnds: ['inbound30.exchangedefender.com'],
    banner: 'gateway ready at',
  },
  {
    role: 'own-server',
    address: hostAddresses.ownServer,
    certificateNames: ['mail.northwind.example'],
    frontEnds: ['mail.northwind.example'],
    banner: 'mail server ready at',
  },
];
