import { findCmdlet } from '../exchange/cmdlet-table.ts';
import { ExchangeError } from '../exchange/exchange-error.ts';
import { invoke } from '../exchange/invoke.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { tenantFrom } from './tenant-from.ts';

/** A colleague's hand: any simulated cmdlet, as somebody in the admin centre would run it. */
export function exchangeControlRoutes(world: World): Route[] {
  return [{ method: 'POST', path: '/control/exchange', handle: (request) => run(world, request) }];
}

function run(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const tenant = tenantFrom(world, body['tenant']);
  const cmdlet = typeof body['cmdlet'] === 'string' ? findCmdlet(body['cmdlet']) : null;
  if (!cmdlet) throw new BadRequest(`The cmdlet ${JSON.stringify(body['cmdlet'])} is not simulated.`);
  const parameters = body['parameters'] ?? {};
  if (typeof parameters !== 'object' || Array.isArray(parameters))
    throw new BadRequest('parameters must be an object.');
  const actor = `admin@${tenant.initialDomain}`;
  const note = (outcome: string): void => {
    const facts = { tenant: tenant.id, tenantName: tenant.name, cmdlet: cmdlet.name, parameters };
    world.journal.add({ where: 'exchange', ...facts, outcome, by: actor });
  };
  try {
    const { objects, warnings } = invoke(world, tenant, { cmdlet, parameters: { ...parameters }, actor, fault: null });
    note('ok');
    return json(200, { value: objects ?? [], warnings });
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    note(error.type.split('.').at(-1) ?? error.type);
    return json(error.status, { error: error.message, type: error.type });
  }
}
