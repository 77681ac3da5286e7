import type { Route } from '../http.ts';
import { connectorRoutes } from './connector-routes.ts';
import { controlRoutes } from './control-routes.ts';
import { type TeamsWorld, teamsOf } from './teams.ts';

/** `http` belongs on the control listener, `https` on the one that plays Microsoft's endpoints. */
export function teamsRoutes(world: TeamsWorld): { http: Route[]; https: Route[] } {
  const teams = teamsOf(world);
  return { http: controlRoutes(teams), https: connectorRoutes(teams) };
}

/**
 * Begins deliveries to the bot, once the ports are known.
 * `serviceUrl` is `https://127.0.0.1:<https port>/teams/`, `botEndpoint` the bot's `/api/messages`.
 */
export function startTeams(world: TeamsWorld, target: { serviceUrl: string; botEndpoint: string }): { stop(): void } {
  const teams = teamsOf(world);
  teams.start(target);
  return { stop: () => teams.stop() };
}

/** Back to the seeded people and empty conversations; the bot is told of its installations again. */
export function resetTeams(world: TeamsWorld): void {
  teamsOf(world).reset();
}
