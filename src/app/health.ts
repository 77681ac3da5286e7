import type { OpenDatabase } from '../adapters/database/open-database.ts';
import type { Health } from '../server.ts';
import type { TeamsHost } from '../teams/host.ts';

/** Whether this process can take calls now, part by part. */
export async function healthOf(database: OpenDatabase, host: TeamsHost, draining: AbortSignal): Promise<Health> {
  const alive = await database.pool.query('select 1').then(
    () => true,
    () => false,
  );
  const checks = { database: alive, signingKeys: host.ready, serving: !draining.aborted };
  return { ready: Object.values(checks).every(Boolean), checks };
}
