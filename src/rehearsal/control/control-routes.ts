import { homeRoutes } from '../home/home-routes.ts';
import type { Route } from '../http.ts';
import type { World } from '../world.ts';
import { clockRoutes } from './clock-routes.ts';
import { directoryRoutes } from './directory-routes.ts';
import { environmentRoutes } from './environment-routes.ts';
import { exchangeControlRoutes } from './exchange-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import { resetRoutes } from './reset-routes.ts';
import { switchRoutes } from './switch-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';

/** The control API for scripts and tests: everything about the world that is not DNS, mail or Teams. */
export function controlRoutes(world: World, environment: () => Record<string, string>): Route[] {
  return [
    ...clockRoutes(world),
    ...directoryRoutes(world),
    ...environmentRoutes(environment),
    ...exchangeControlRoutes(world),
    ...faultRoutes(world),
    ...homeRoutes(world),
    ...journalRoutes(world),
    ...resetRoutes(world),
    ...switchRoutes(),
    ...tenantRoutes(world),
  ];
}
