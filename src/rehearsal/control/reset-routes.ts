import { json, jsonBody, type Route } from '../http.ts';
import { resetWorld } from '../reset-world.ts';
import type { World } from '../world.ts';

/** The way to start anew. */
export function resetRoutes(world: World): Route[] {
  return [
    {
      method: 'POST',
      path: '/control/reset',
      handle: (request) => {
        const { seed = 'default' } = jsonBody(request);
        resetWorld(world);
        return json(200, {
          reset: true,
          // There is one seeded world; scripts may name it as they like.
          seed,
          note: 'The simulated cloud is as seeded and virtual time goes on. The bot keeps its own database: its requests, runs and audit trail stay.',
        });
      },
    },
  ];
}
