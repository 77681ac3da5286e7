import { jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { serviceFailure } from './answers.ts';
import { batch } from './batch.ts';
import { commandInput } from './command-input.ts';
import { type Desk, invokeCommand } from './invoke-command.ts';
import { Paging } from './paging.ts';
import type { Service } from './service.ts';
import type { Tenant } from './tenant.ts';

/** Where a service lives. Its common host is 127.0.0.1; the host of its region is localhost, on the same port. */
interface Place {
  readonly port: () => number;
  /** Whether this tenant is served by the regional host only. */
  readonly hasRegion: (tenant: Tenant | undefined) => boolean;
}

/** The two addresses under which a service runs cmdlets. */
export function cmdletRoutes(world: World, service: Service, place: Place): Route[] {
  const desk: Desk = { world, service, paging: new Paging(() => world.clock.now()) };
  const at =
    (handle: (desk: Desk, request: RehearsalRequest) => Promise<RehearsalResponse>) => (request: RehearsalRequest) =>
      elsewhere(desk, place, request) ?? handle(desk, request);
  return [
    { method: 'POST', path: '/adminapi/beta/:tenant/InvokeCommand', handle: at(answer) },
    { method: 'POST', path: '/adminapi/beta/:tenant/$batch', handle: at(batch) },
  ];
}

/** The way to the regional host, for those who ask the common one. */
function elsewhere({ world, service }: Desk, place: Place, request: RehearsalRequest): RehearsalResponse | null {
  const { params, headers, raw } = request;
  const tenant = world.tenants.get((params['tenant'] ?? '').toLowerCase());
  if (headers.host?.startsWith('localhost:') || !place.hasRegion(tenant)) return null;
  const location = `https://localhost:${place.port()}${raw.url}`;
  const names = tenant ? { tenant: tenant.id, tenantName: tenant.name } : {};
  world.journal.add({ where: service.name, ...names, operation: request.path, outcome: 'redirect', status: 302 });
  return { status: 302, headers: { location } };
}

async function answer(desk: Desk, request: RehearsalRequest): Promise<RehearsalResponse> {
  const tenant = desk.world.tenants.get((request.params['tenant'] ?? '').toLowerCase());
  const whole = tenant?.switches.garblesUndeclaredCharset ? garbled(request) : request;
  if (isUndeclared(whole)) return serviceFailure(500, null);
  return invokeCommand(desk, {
    tenant: request.params['tenant'] ?? '',
    query: request.query,
    header: (name) => [request.headers[name] ?? ''].flat().join('; '),
    ...commandInput(jsonBody(whole)),
  });
}

/** Accented text fails when the body's charset is not declared. */
function isUndeclared({ headers, body }: RehearsalRequest): boolean {
  return !/charset=utf-8/iu.test(headers['content-type'] ?? '') && body.some((byte) => byte > 127);
}

/** The body as it is read by somebody who takes it for Latin-1. */
function garbled(request: RehearsalRequest): RehearsalRequest {
  if (!isUndeclared(request)) return request;
  const headers = { ...request.headers, 'content-type': 'application/json; charset=utf-8' };
  return { ...request, headers, body: Buffer.from(request.body.toString('latin1'), 'utf8') };
}
