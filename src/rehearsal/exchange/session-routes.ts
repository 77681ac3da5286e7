import type { RehearsalRequest, RehearsalResponse, Route } from '../http.ts';
import { json } from '../http.ts';
import type { World } from '../world.ts';
import { authorize } from './authorize.ts';
import { cmdletNames } from './cmdlet-table.ts';
import { exchangeService } from './service.ts';
import { tenantAt } from './tenant-at.ts';

/** What the PowerShell module asks for before its first cmdlet: where the region is, and which cmdlets there are. */
export function sessionRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      path: "/adminapi/beta/:tenant/EXOBanner('AutogenSession')",
      handle: (request) => banner(world, request),
    },
    { method: 'GET', path: '/adminapi/v1.0/:tenant/EXOModuleFile', handle: (request) => module(world, request) },
  ];
}

/** Where nobody follows redirects, the address of the region is all there is to learn. */
async function banner(world: World, request: RehearsalRequest): Promise<RehearsalResponse> {
  const { params, headers, raw } = request;
  const tenant = tenantAt(world, params['tenant'] ?? '');
  if (tenant?.switches.regionalRedirect && !headers.host?.startsWith('localhost:')) {
    const location = `https://localhost:${world.ports.https}${raw.url}`;
    return note(world, request, 'EXOBanner', { status: 302, headers: { location } });
  }
  const allowed = await authorize(world, exchangeService, callOf(request));
  return note(world, request, 'EXOBanner', 'refusal' in allowed ? allowed.refusal.response : json(200, { value: '' }));
}

/** The names of the cmdlets that the caller's roles allow, in a header, as the module takes them from there. */
async function module(world: World, request: RehearsalRequest): Promise<RehearsalResponse> {
  const allowed = await authorize(world, exchangeService, callOf(request));
  if ('refusal' in allowed) return note(world, request, 'EXOModuleFile', allowed.refusal.response);
  const { roles } = allowed.caller;
  const names = cmdletNames.filter((name) => exchangeService.allows(roles, name));
  return note(world, request, 'EXOModuleFile', json(200, {}, { commandname: names.join(',') }));
}

function callOf({ params, headers }: RehearsalRequest) {
  return { tenant: params['tenant'] ?? '', cmdlet: 'Get-AcceptedDomain', authorization: headers.authorization ?? '' };
}

function note(
  world: World,
  { params }: RehearsalRequest,
  operation: string,
  response: RehearsalResponse,
): RehearsalResponse {
  const outcome = response.status === 200 ? 'ok' : String(response.status);
  world.journal.add({ where: 'exchange', tenant: params['tenant'] ?? '', operation, outcome, status: response.status });
  return response;
}
