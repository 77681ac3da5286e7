import { findAnyCmdlet, runAsColleague } from '../exchange/colleague.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { tenantFrom } from './tenant-from.ts';

/** A colleague's hand. It runs every simulated cmdlet, as somebody in the admin centre would. */
export function exchangeControlRoutes(world: World): Route[] {
  return [{ method: 'POST', path: '/control/exchange', handle: (request) => run(world, request) }];
}

function run(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const tenant = tenantFrom(world, body['tenant']);
  const cmdlet = typeof body['cmdlet'] === 'string' ? findAnyCmdlet(body['cmdlet']) : null;
  if (!cmdlet) throw new BadRequest(`The cmdlet ${JSON.stringify(body['cmdlet'])} is not simulated.`);
  const parameters = body['parameters'] ?? {};
  if (typeof parameters !== 'object' || Array.isArray(parameters))
    throw new BadRequest('parameters must be an object.');
  const result = runAsColleague(world, tenant, cmdlet, { ...parameters });
  if (result instanceof Error) return json(result.status, { error: result.message, type: result.type });
  return json(200, { value: result.objects, warnings: result.warnings });
}
