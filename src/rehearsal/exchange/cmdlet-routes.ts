import { jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { serviceFailure } from './answers.ts';
import { batch } from './batch.ts';
import { commandInput } from './command-input.ts';
import { readable } from './declared-charset.ts';
import { type Desk, invokeCommand } from './invoke-command.ts';
import { Paging } from './paging.ts';
import type { Service } from './service.ts';
import { sessionCookie } from './session-cookie.ts';
import type { Tenant } from './tenant.ts';
import { tenantAt } from './tenant-at.ts';
import { understood } from './understood.ts';

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
    (handle: (desk: Desk, request: RehearsalRequest) => Promise<RehearsalResponse>) => (request: RehearsalRequest) => {
      const redirect = elsewhere(desk, place, request);
      if (redirect) return redirect;
      const whole = readable(request, tenantAt(world, request.params['tenant'] ?? ''));
      return whole ? understood(() => handle(desk, whole)) : serviceFailure(500, null);
    };
  return [
    { method: 'POST', path: '/adminapi/beta/:tenant/InvokeCommand', handle: at(answer) },
    { method: 'POST', path: '/adminapi/beta/:tenant/$batch', handle: at(batch) },
  ];
}

/** The way to the regional host, for those who ask the common one. */
function elsewhere({ world, service }: Desk, place: Place, request: RehearsalRequest): RehearsalResponse | null {
  const { params, headers, raw } = request;
  const tenant = tenantAt(world, params['tenant'] ?? '');
  if (headers.host?.startsWith('localhost:') || !place.hasRegion(tenant)) return null;
  const location = `https://localhost:${place.port()}${raw.url}`;
  const names = tenant ? { tenant: tenant.id, tenantName: tenant.name } : {};
  world.journal.add({ where: service.name, ...names, operation: request.path, outcome: 'redirect', status: 302 });
  return { status: 302, headers: { location } };
}

async function answer(desk: Desk, request: RehearsalRequest): Promise<RehearsalResponse> {
  const header = (name: string): string => [request.headers[name] ?? ''].flat().join('; ');
  return invokeCommand(desk, {
    tenant: request.params['tenant'] ?? '',
    host: request.headers.host ?? '',
    cookie: sessionCookie(request.headers.cookie ?? ''),
    query: request.query,
    header,
    ...commandInput(jsonBody(request), header),
  });
}
