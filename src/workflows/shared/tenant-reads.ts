import { RefusedError } from '../../core/errors.ts';
import type { SetUp } from '../../core/set-up.ts';
import { findGateway } from '../../mail/gateways/index.ts';
import type { AcceptedDomain, InboundConnector, OutboundConnector } from '../../ports/exchange-online.ts';
import type { TransportRule } from '../../ports/transport-rule.ts';
import type { World } from '../../ports/world.ts';

/** Everything about a tenant's mail flow that plans are made from. */
export interface MailFlow {
  /** What was set up here, as it is recorded. */
  readonly setUps: readonly SetUp[];
  readonly acceptedDomains: readonly AcceptedDomain[];
  readonly inboundConnectors: readonly InboundConnector[];
  readonly outboundConnectors: readonly OutboundConnector[];
  readonly transportRules: readonly TransportRule[];
  readonly rejectDirectSend: boolean;
}

/** Reads it all in one round. */
export async function readMailFlow(world: World): Promise<MailFlow> {
  const [setUps, lists] = await Promise.all([
    world.setUps.ofTenant(world.tenant.id),
    world.exchange.lists([
      'Get-AcceptedDomain',
      'Get-InboundConnector',
      'Get-OutboundConnector',
      'Get-TransportRule',
      'Get-OrganizationConfig',
    ]),
  ]);
  return {
    setUps,
    acceptedDomains: lists['Get-AcceptedDomain'],
    inboundConnectors: lists['Get-InboundConnector'],
    outboundConnectors: lists['Get-OutboundConnector'],
    transportRules: lists['Get-TransportRule'],
    rejectDirectSend: lists['Get-OrganizationConfig'].some(({ RejectDirectSend }) => RejectDirectSend),
  };
}

/** The domains of the tenant whose MX its owner decides on, and whose mail can therefore come through a gateway. */
export function receivingDomains(domains: readonly AcceptedDomain[]): string[] {
  return namesOf(domains.filter((domain) => !isMicrosofts(domain)));
}

/** The domains Microsoft gave the tenant: their MX always is Office 365 itself. */
export function microsoftDomains(domains: readonly AcceptedDomain[]): string[] {
  return namesOf(domains.filter(isMicrosofts));
}

function isMicrosofts({ DomainName, InitialDomain }: AcceptedDomain): boolean {
  return InitialDomain || DomainName.endsWith('.onmicrosoft.com');
}

function namesOf(domains: readonly AcceptedDomain[]): string[] {
  return domains.map(({ DomainName }) => DomainName).toSorted();
}

export function insistOnAccepted(domains: readonly AcceptedDomain[], domain: string, world: World): void {
  if (domains.some(({ DomainName }) => DomainName === domain)) return;
  throw new RefusedError(`${domain} is not an accepted domain of ${world.tenant.name}.`, {
    operation: 'Get-AcceptedDomain',
    next: `Its accepted domains are ${receivingDomains(domains).join(', ')}.`,
  });
}

/** What people call the gateway of a set-up; the key itself when the catalogue no longer has it. */
export function gatewayNameOf(key: string): string {
  const found = findGateway(key);
  return found.kind === 'found' ? found.gateway.name : key;
}

/** The gateway of a set-up as plans name it: in the version whose addresses the set-up has, not the newest. */
export function profileOf({ gateway, gatewayVersion }: SetUp): string {
  return `${gateway}@${gatewayVersion}`;
}
