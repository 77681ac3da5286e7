import { SWITCHES } from '../exchange/switches.ts';
import { json, type Route } from '../http.ts';

/** Every switch of a tenant: what it means, its usual value, and how well the rule behind it is known. */
export function switchRoutes(): Route[] {
  const list = Object.entries(SWITCHES).map(([name, fact]) => ({ name, ...fact }));
  return [{ method: 'GET', path: '/control/switches', handle: () => json(200, list) }];
}
