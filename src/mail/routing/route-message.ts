import { openPoints, type Readings, usualReadings } from './readings.ts';
import { routeUnder } from './route-under.ts';
import type { Route, RoutingMessage, RoutingTenant } from './types.ts';

/**
 * Which connector a message comes by, which rules it meets, by which connector it leaves and what becomes of it, once
 * through one tenant and without spam filtering. Where public documentation leaves a point open and the answer hangs on
 * it, the point is among the `doubts`; so is every rule that cannot be judged and every recipient nobody knows.
 *
 * Sources: Microsoft's documentation of New-InboundConnector, New-OutboundConnector and New-TransportRule, message
 * center post MC1226222 (attribution), "Configure mail flow using connectors" (choice between connectors), and the
 * NDR codes 5.7.51, 5.7.64, 5.7.68, 5.7.128, 5.4.1 and 5.1.10.
 */
export function routeMessage(tenant: RoutingTenant, message: RoutingMessage): Route {
  const route = routeUnder(tenant, message, usualReadings);
  const open = (Object.keys(openPoints) as (keyof Readings)[]).filter((point) => {
    const other = routeUnder(tenant, message, { ...usualReadings, [point]: true });
    return gist(other) !== gist(route);
  });
  return { ...route, doubts: [...route.doubts, ...open.map((point) => openPoints[point])] };
}

/** What two routes have to share to be the same for whoever asked: also what cannot be told. */
function gist({ connectorIn, rules, scl, copies, doubts }: Route): string {
  return JSON.stringify({ connectorIn, rules, scl, copies, doubts });
}
