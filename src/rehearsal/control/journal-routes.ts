import { BadRequest, json, type Route } from '../http.ts';
import type { World } from '../world.ts';

/** Every call that the cloud received: `?since=<seq>&where=&tenant=&cmdlet=`. */
export function journalRoutes({ journal }: World): Route[] {
  return [
    {
      method: 'GET',
      path: '/control/journal',
      handle: ({ query }) => {
        const since = Number(query.get('since') ?? 0);
        if (!Number.isFinite(since)) throw new BadRequest('since must be the seq of a journal entry.');
        const filters = ['where', 'tenant', 'cmdlet']
          .map((name) => [name, query.get(name)])
          .filter(([, value]) => value !== null);
        return json(200, journal.list({ since, ...Object.fromEntries(filters) }));
      },
    },
  ];
}
