import { cmdletRoutes } from '../exchange/cmdlet-routes.ts';
import type { Route } from '../http.ts';
import type { World } from '../world.ts';
import { complianceService } from './compliance-service.ts';

/** The simulated Security & Compliance host, which sends everybody to a region first. */
export function complianceRoutes(world: World): Route[] {
  return cmdletRoutes(world, complianceService, { port: () => world.ports.compliance, hasRegion: () => true });
}
