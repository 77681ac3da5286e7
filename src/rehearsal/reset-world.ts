import { resetDns } from './dns/dns-routes.ts';
import { homeOf } from './home/home-directory.ts';
import { seedTenants } from './seeds/seed-tenants.ts';
import { resetSmtp } from './smtp/smtp-routes.ts';
import { resetTeams } from './teams/routes.ts';
import type { World } from './world.ts';

/** Back to the seeded world. Virtual time is not turned back: nothing that waits on it could bear that. */
export function resetWorld(world: World): void {
  world.faults.clear();
  world.journal.clear();
  resetDns(world);
  resetSmtp(world);
  // After the zones: tenants publish records of their own.
  seedTenants(world);
  homeOf(world).reset();
  world.trace.reset();
  resetTeams(world);
}
