import type { SmtpReply } from '../smtp/smtp-reply.ts';

/** What Exchange Online says when it does not take or pass on a message. */
export const refusals = {
  relay: { code: 550, text: '5.7.64 TenantAttribution; Relay Access Denied' },
  locked: {
    code: 550,
    text:
      '5.7.51 TenantInboundAttribution; There is a partner connector configured that matched the ' +
      "message's recipient domain. The connector had either the RestrictDomainsToIPAddresses or " +
      'RestrictDomainsToCertificate set',
  },
  tls: { code: 451, text: '5.7.3 STARTTLS is required to send mail' },
  direct: {
    code: 550,
    text: '5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources',
  },
  blocked: {
    code: 550,
    text: '5.7.1 Service unavailable, client host is blocked by the IP block list of the organization',
  },
  unknown: { code: 550, text: '5.4.1 Recipient address rejected: Access denied.' },
  recipient: { code: 550, text: '5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup' },
  // Exchange's own words for these two are not published.
  mutedDomain: { code: 550, text: '5.7.1 Delivery not authorized: sending from this domain is disabled' },
  closedDomain: { code: 550, text: '5.7.1 Delivery not authorized: sending to this domain is disabled' },
  blockedRecipient: {
    code: 550,
    text:
      "5.7.703 Your message can't be delivered because messages to a recipient are blocked by your organization " +
      'using Tenant Allow Block List.',
  },
  hops: { code: 554, text: '5.4.14 Hop count exceeded - possible mail loop ATTR34' },
  ruleLoop: { code: 550, text: '5.7.128 Transport rules loop detected' },
  dmarc: {
    code: 550,
    text: '5.7.509 Access denied, sending domain does not pass DMARC verification and has a DMARC policy of reject',
  },
} as const satisfies Record<string, SmtpReply>;
