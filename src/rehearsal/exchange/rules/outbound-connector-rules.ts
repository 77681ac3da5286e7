import { isIPv4 } from 'node:net';
import type { CmdletContext } from '../cmdlet.ts';
import { invalid } from '../exchange-error.ts';
import { type ExchangeObject, isOn, listOf, textOf } from '../exchange-object.ts';
import { certificateDomain, smtpDomain } from '../smtp-domain.ts';
import { checkComment, checkName } from './name-rules.ts';

/** Refuses what Exchange refuses about an outbound connector. */
export function checkOutboundConnector(context: CmdletContext, connector: ExchangeObject): void {
  checkName(context, 'outboundConnectors', connector, { what: 'outbound connector', length: 64 });
  const { longCommentsAllowed, looseOutboundScope, looseOutboundRoute, looseOutboundType } = context.tenant.switches;
  if (!longCommentsAllowed) checkComment(connector, 'Comment');
  for (const domain of listOf(connector, 'RecipientDomains')) smtpDomain(domain);
  for (const host of listOf(connector, 'SmartHosts')) checkSmartHost(host);
  if (!looseOutboundScope) checkScope(connector);
  if (!looseOutboundRoute) checkRoute(connector);
  checkTls(connector);
  if (!looseOutboundType) checkType(connector);
}

/** A connector that a rule routes to can be neither deleted, disabled, renamed nor un-scoped. */
export function refuseWhileUsed({ tenant }: CmdletContext, connector: ExchangeObject): void {
  if (tenant.switches.usedConnectorChangeable) return;
  const name = textOf(connector, 'Name').toLowerCase();
  const rules = tenant.stores.transportRules
    .stored()
    .filter((rule) => textOf(rule, 'RouteMessageOutboundConnector').toLowerCase() === name)
    .map((rule) => `"${textOf(rule, 'Name')}"`);
  if (rules.length > 0) {
    throw invalid(
      `The outbound connector "${textOf(connector, 'Name')}" is used by the transport rule ${rules.join(', ')}. Change or remove the rule first.`,
    );
  }
}

/** A host name or an address, without a port: connectors speak on 25 only. */
function checkSmartHost(host: string): void {
  const isHost = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/iu.test(host);
  if (!isHost && !isIPv4(host.replace(/^\[(.*)\]$/u, '$1'))) {
    throw invalid(`"${host}" isn't a valid smart host. Use a host name or an IPv4 address, without a port.`);
  }
}

function checkScope(connector: ExchangeObject): void {
  const ways = [
    isOn(connector, 'IsTransportRuleScoped'),
    listOf(connector, 'RecipientDomains').length > 0,
    isOn(connector, 'AllAcceptedDomains'),
  ].filter(Boolean);
  if (ways.length !== 1) {
    throw invalid(
      'Exactly one of IsTransportRuleScoped, RecipientDomains and AllAcceptedDomains must say which messages use the connector.',
    );
  }
}

function checkRoute(connector: ExchangeObject): void {
  const hosts = listOf(connector, 'SmartHosts');
  if (isOn(connector, 'UseMXRecord')) {
    if (hosts.length > 0) throw invalid('SmartHosts must be empty when UseMXRecord is true.');
    if (connector['ConnectorType'] === 'OnPremises') {
      throw invalid(
        'A connector of type OnPremises cannot use MX records: set UseMXRecord to false and name SmartHosts.',
      );
    }
  } else if (hosts.length === 0) {
    throw invalid('SmartHosts must be set when UseMXRecord is false.');
  }
}

function checkTls(connector: ExchangeObject): void {
  const domain = textOf(connector, 'TlsDomain');
  const isByDomain = connector['TlsSettings'] === 'DomainValidation';
  if (domain !== '' && !isByDomain) throw invalid('TlsDomain can only be set when TlsSettings is DomainValidation.');
  if (domain === '' && isByDomain) throw invalid('TlsDomain must be set when TlsSettings is DomainValidation.');
  if (domain !== '') certificateDomain(domain);
}

function checkType(connector: ExchangeObject): void {
  const onlyOnPremises = ['RouteAllMessagesViaOnPremises', 'CloudServicesMailEnabled', 'AllAcceptedDomains'];
  const wrong = onlyOnPremises.find((property) => isOn(connector, property));
  const isOnPremises = connector['ConnectorType'] === 'OnPremises';
  if (wrong !== undefined && !isOnPremises) {
    throw invalid(`${wrong} can only be true on a connector of type OnPremises.`);
  }
  const isForAll = listOf(connector, 'RecipientDomains').includes('*');
  if (isOnPremises && isForAll && !isOn(connector, 'RouteAllMessagesViaOnPremises')) {
    throw invalid('RecipientDomains "*" on a connector of type OnPremises needs RouteAllMessagesViaOnPremises.');
  }
}
