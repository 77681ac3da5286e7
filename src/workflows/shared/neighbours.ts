import { type Change, isWrite } from '../../core/change.ts';
import type { Neighbour } from '../../core/reach.ts';
import { restricts } from '../../mail/routing/restricts.ts';
import type { RoutingInbound, RoutingTenant } from '../../mail/routing/types.ts';

const most = 20;

/** Objects that are not changed themselves and act together with one that is. */
export function neighboursOf(before: RoutingTenant, after: RoutingTenant, changes: readonly Change[]): Neighbour[] {
  const written = changes.filter(isWrite).map(({ object }) => object);
  const named = (kind: string): Set<string> =>
    new Set(written.filter((object) => object.kind === kind).map(({ identity }) => identity));
  const inbound = named('InboundConnector');
  const outbound = named('OutboundConnector');
  const others = after.inboundConnectors.filter(({ Name, Enabled }) => Enabled && !inbound.has(Name));
  const locks = after.inboundConnectors.filter((one) => inbound.has(one.Name) && restricts(one));
  const wasLocked = before.inboundConnectors.some((one) => inbound.has(one.Name) && restricts(one));
  const acting = locks.length > 0 || wasLocked;
  return [
    ...others
      .filter((other) => acting || (inbound.size > 0 && restricts(other)))
      .map((other) => ({ object: connectorRef(other.Name), why: besideLock(other, locks) })),
    ...before.transportRules
      .filter(({ RouteMessageOutboundConnector: by }) => by !== null && outbound.has(by))
      .map(({ Name, RouteMessageOutboundConnector: by }) => ({
        object: { kind: 'TransportRule', identity: Name },
        why: `It sends mail through ${by}.`,
      })),
  ].slice(0, most);
}

function connectorRef(identity: string): Neighbour['object'] {
  return { kind: 'InboundConnector', identity };
}

/** Whether the changes can refuse mail that came in before them. */
export function mayRefuse(before: RoutingTenant, after: RoutingTenant, changes: readonly Change[]): boolean {
  const written = new Set(changes.filter(isWrite).map(({ object }) => object.identity));
  const isWritten = ({ Name }: RoutingInbound): boolean => written.has(Name);
  const refusing = after.inboundConnectors.filter(restricts);
  // What a lock let in, another connector that restricts may refuse once the lock is gone.
  const lifted = before.inboundConnectors.some((one) => restricts(one) && isWritten(one));
  const locks = refusing.length > 0 && (lifted || refusing.some(isWritten));
  return locks || (after.rejectDirectSend && !before.rejectDirectSend);
}

function besideLock(other: RoutingInbound, locks: readonly RoutingInbound[]): string {
  if (other.ConnectorType === 'OnPremises') {
    return 'It belongs to own servers and keeps letting in what it knows by certificate or address.';
  }
  if (restricts(other)) return 'It refuses mail by itself, whatever happens to the connector of this plan.';
  if (locks.length === 0) return 'What it lets in stays let in.';
  return 'It does not restrict to the addresses it lists, so the lock wins: its senders are refused, unless the lock lists them.';
}
