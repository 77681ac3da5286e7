import { resetDns } from '../dns/dns-routes.ts';
import { BadRequest, json, jsonBody, type Route } from '../http.ts';
import { seedTenants } from '../seeds/seed-tenants.ts';
import { resetSmtp } from '../smtp/smtp-routes.ts';
import { resetTeams } from '../teams/routes.ts';
import type { World } from '../world.ts';

/** Back to the seeded world. Virtual time is not turned back: nothing that waits on it could bear that. */
export function resetRoutes(world: World): Route[] {
  return [
    {
      method: 'POST',
      path: '/control/reset',
      handle: (request) => {
        const { seed = 'default' } = jsonBody(request);
        if (seed !== 'default') throw new BadRequest(`There is no seed ${String(seed)}. There is: default.`);
        world.faults.clear();
        world.journal.clear();
        seedTenants(world);
        resetDns(world);
        resetSmtp(world);
        resetTeams(world);
        return json(200, { seed });
      },
    },
  ];
}
