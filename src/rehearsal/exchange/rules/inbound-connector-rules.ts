import type { CmdletContext } from '../cmdlet.ts';
import { invalid } from '../exchange-error.ts';
import { type ExchangeObject, isOn, listOf, textOf } from '../exchange-object.ts';
import { connectorSpan, overlaps, skipSpan } from '../ip-addresses.ts';
import { certificateDomain } from '../smtp-domain.ts';
import { checkComment, checkName } from './name-rules.ts';

/** Refuses what Exchange refuses about an inbound connector, and warns where it warns. */
export function checkInboundConnector(context: CmdletContext, connector: ExchangeObject): void {
  checkName(context, 'inboundConnectors', connector, { what: 'inbound connector', length: 64 });
  if (context.tenant.switches.slashInNameRefused && textOf(connector, 'Name').includes('/')) {
    throw invalid('The name of the inbound connector contains the character "/".');
  }
  if (!context.tenant.switches.longCommentsAllowed) checkComment(connector, 'Comment');
  if (listOf(connector, 'SenderDomains').length === 0) throw invalid('SenderDomains cannot be empty.');
  checkRestrictions(context, connector);
  checkTrust(context, connector);
  checkAcceptedDomains(context, connector);
  for (const entry of listOf(connector, 'EFSkipIPs')) skipSpan(entry);
  warnAboutOverlap(context, connector);
}

function checkRestrictions({ tenant }: CmdletContext, connector: ExchangeObject): void {
  const certificate = textOf(connector, 'TlsSenderCertificateName');
  if (certificate !== '') certificateDomain(certificate.replace(/^.*<S>CN=/u, ''));
  const { looseRestrictions, bothRestrictionsAllowed } = tenant.switches;
  if (certificate !== '' && !isOn(connector, 'RequireTls') && !looseRestrictions) {
    throw invalid('TlsSenderCertificateName can only be set when RequireTls is true.');
  }
  const byCertificate = isOn(connector, 'RestrictDomainsToCertificate');
  const byAddress = isOn(connector, 'RestrictDomainsToIPAddresses');
  if (byCertificate && certificate === '' && !looseRestrictions) {
    throw invalid('RestrictDomainsToCertificate needs TlsSenderCertificateName.');
  }
  if (byAddress && listOf(connector, 'SenderIPAddresses').length === 0 && !looseRestrictions) {
    throw invalid('RestrictDomainsToIPAddresses needs at least one entry in SenderIPAddresses.');
  }
  if (byCertificate && byAddress && !bothRestrictionsAllowed) {
    throw invalid(
      'RestrictDomainsToIPAddresses and RestrictDomainsToCertificate cannot both be true on one connector.',
    );
  }
}

function checkTrust({ tenant }: CmdletContext, connector: ExchangeObject): void {
  const isOnPremises = connector['ConnectorType'] === 'OnPremises';
  const isHybrid = isOn(connector, 'CloudServicesMailEnabled');
  if (isHybrid && !isOnPremises && !tenant.switches.cloudServicesOnPartnerAllowed) {
    throw invalid('CloudServicesMailEnabled can only be true on a connector of type OnPremises.');
  }
  if (isOn(connector, 'TreatMessagesAsInternal') && (!isOnPremises || isHybrid)) {
    throw invalid(
      'TreatMessagesAsInternal can only be true on a connector of type OnPremises whose CloudServicesMailEnabled is false.',
    );
  }
}

function checkAcceptedDomains({ tenant }: CmdletContext, connector: ExchangeObject): void {
  for (const domain of listOf(connector, 'AssociatedAcceptedDomains')) {
    if (!tenant.stores.acceptedDomains.find(domain)) {
      throw invalid(`The accepted domain "${domain}" of AssociatedAcceptedDomains doesn't exist.`);
    }
  }
}

function warnAboutOverlap({ tenant, warnings }: CmdletContext, connector: ExchangeObject): void {
  const spans = listOf(connector, 'SenderIPAddresses').map(connectorSpan);
  if (!tenant.switches.overlapWarnings) return;
  for (const other of tenant.stores.inboundConnectors.stored()) {
    if (other['Guid'] === connector['Guid'] || !isOn(other, 'Enabled') || !isOn(connector, 'Enabled')) continue;
    const theirs = listOf(other, 'SenderIPAddresses').map(connectorSpan);
    if (spans.some((span) => theirs.some((their) => overlaps(span, their)))) {
      warnings.push(
        `The sender IP addresses of this connector overlap with those of the connector "${textOf(other, 'Name')}".`,
      );
    }
  }
}
