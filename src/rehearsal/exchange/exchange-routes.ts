import type { RehearsalResponse, Route } from '../http.ts';
import type { World } from '../world.ts';
import { cmdletRoutes } from './cmdlet-routes.ts';
import { exchangeService } from './service.ts';
import { sessionRoutes } from './session-routes.ts';

/** The simulated Exchange Online admin endpoint. */
export function exchangeRoutes(world: World): Route[] {
  const notAllowed = (): RehearsalResponse => ({ status: 405, headers: { allow: 'GET' } });
  return [
    ...sessionRoutes(world),
    { method: 'POST', path: '/adminapi/v1.0/:tenant/*', handle: notAllowed },
    ...cmdletRoutes(world, exchangeService, {
      port: () => world.ports.https,
      hasRegion: (tenant) => tenant?.switches.regionalRedirect === true,
    }),
  ];
}
