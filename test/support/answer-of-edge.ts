import type { InboundConnector } from '../../src/ports/exchange-online.ts';
import type { SmtpProbeResult } from '../../src/ports/smtp-probe.ts';
import { accepted, locked, smtpFailure } from './fake-smtp.ts';

/** How the tenant's own mail host answers strangers: as its connectors say, or whatever they say. */
export type Edge = 'obeys' | 'always-open' | 'always-locked' | 'silent';

export function answerOfEdge(edge: Edge, connectors: readonly InboundConnector[]): SmtpProbeResult {
  if (edge === 'silent') return smtpFailure('timeout');
  if (edge !== 'obeys') return edge === 'always-open' ? accepted : locked;
  const restricted = connectors.some(
    (one) =>
      one.Enabled &&
      one.ConnectorType === 'Partner' &&
      one.SenderDomains.includes('*') &&
      one.RestrictDomainsToIPAddresses,
  );
  return restricted ? locked : accepted;
}
