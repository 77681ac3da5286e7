import { json, jsonBody, type Route } from '../http.ts';
import type { World } from '../world.ts';

/** Misbehaviour of the cloud, to order. */
export function faultRoutes({ faults }: World): Route[] {
  return [
    { method: 'GET', path: '/control/faults', handle: () => json(200, faults.list()) },
    { method: 'POST', path: '/control/faults', handle: (request) => json(201, faults.arm(jsonBody(request))) },
    {
      method: 'DELETE',
      path: '/control/faults',
      handle: () => {
        faults.clear();
        return json(200, []);
      },
    },
  ];
}
