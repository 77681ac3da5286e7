import { BlockList, isIPv4 } from 'node:net';
import { type ExchangeObject, isOn, listOf, textOf } from '../exchange/exchange-object.ts';
import type { Tenant } from '../exchange/tenant.ts';
import { senderDomains, type World } from '../world.ts';
import { accepted, type SmtpReply } from './smtp-reply.ts';

export interface EdgeQuestion {
  readonly from: string;
  readonly to: string;
  /** The public address the message comes from. */
  readonly source: string;
  readonly tls: boolean;
  /** Virtual milliseconds of the configuration that this front end has. */
  readonly at: number;
}

const refusals = {
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
  unknown: { code: 550, text: '5.4.1 Recipient address rejected: Access denied.' },
} as const satisfies Record<string, SmtpReply>;

/** How the tenant edge answers RCPT TO, by what the recipient's tenant holds at that virtual time. */
export function edgeVerdict(world: World, question: EdgeQuestion): { reply: SmtpReply; tenant: Tenant | null } {
  const found = recipientTenant(world, question);
  if (!found) return { reply: refusals.relay, tenant: null };
  const { tenant, domain } = found;
  const missing = isMissing(tenant, domain, question.to) ? refusals.unknown : null;
  const refused = connectorRefusal(tenant, question);
  const reply = world.smtp.recipientFirst ? (missing ?? refused) : (refused ?? missing);
  return { reply: reply ?? accepted, tenant };
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function recipientTenant(world: World, { to, at }: EdgeQuestion): { tenant: Tenant; domain: ExchangeObject } | null {
  const wanted = domainOf(to);
  for (const tenant of world.tenants.values()) {
    const domain = tenant
      .effective('acceptedDomains', at)
      .find((object) => textOf(object, 'DomainName').toLowerCase() === wanted);
    if (domain) return { tenant, domain };
  }
  return null;
}

/** Relay domains may have recipients that the directory does not know. */
function isMissing(tenant: Tenant, domain: ExchangeObject, to: string): boolean {
  return !textOf(domain, 'DomainType').endsWith('Relay') && !tenant.mailboxes.has(to.toLowerCase());
}

function connectorRefusal(tenant: Tenant, question: EdgeQuestion): SmtpReply | null {
  const { from, to, source, tls, at } = question;
  const connectors = tenant
    .effective('inboundConnectors', at)
    .filter((connector) => isOn(connector, 'Enabled') && concerns(connector, to));
  // A connector that names the source lets it past the lock of another one.
  const named = connectors.some((connector) => holdsAddress(connector, source));
  const partners = connectors.filter((connector) => textOf(connector, 'ConnectorType') === 'Partner');
  const matching = partners.filter((connector) => coversSender(connector, from));
  if (!named && matching.some(restricts)) return refusals.locked;
  const acting = matching.filter((connector) => !restricts(connector) || holdsAddress(connector, source));
  if (!tls && acting.some((connector) => isOn(connector, 'RequireTls'))) return refusals.tls;
  return !named && isDirectSend(tenant, from, at) ? refusals.direct : null;
}

function restricts(connector: ExchangeObject): boolean {
  return isOn(connector, 'RestrictDomainsToIPAddresses') || isOn(connector, 'RestrictDomainsToCertificate');
}

function concerns(connector: ExchangeObject, to: string): boolean {
  const domains = listOf(connector, 'AssociatedAcceptedDomains');
  return domains.length === 0 || domains.some((domain) => domain.toLowerCase() === domainOf(to));
}

function coversSender(connector: ExchangeObject, from: string): boolean {
  const sender = domainOf(from);
  return senderDomains(connector).some((entry) => {
    const wanted = entry.toLowerCase();
    return wanted === '*' || wanted === sender || (wanted.startsWith('*.') && sender.endsWith(wanted.slice(1)));
  });
}

function holdsAddress(connector: ExchangeObject, source: string): boolean {
  const ranges = new BlockList();
  for (const entry of listOf(connector, 'SenderIPAddresses')) {
    const [address = '', prefix = '32'] = entry.split('/');
    if (isIPv4(address)) ranges.addSubnet(address, Number(prefix), 'ipv4');
  }
  return ranges.check(source, 'ipv4');
}

function isDirectSend(tenant: Tenant, from: string, at: number): boolean {
  const [organization] = tenant.effective('organizationConfig', at);
  if (!organization || !isOn(organization, 'RejectDirectSend')) return false;
  const sender = domainOf(from);
  return tenant
    .effective('acceptedDomains', at)
    .some((object) => textOf(object, 'DomainName').toLowerCase() === sender);
}
