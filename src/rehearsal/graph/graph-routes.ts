import { HOME_TENANT } from '../entra/rehearsal-identity.ts';
import { SERVICES } from '../entra/services.ts';
import type { Fault } from '../faults.ts';
import { homeGraph } from '../home/home-graph.ts';
import { json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { realPause } from '../real-pause.ts';
import { cloudUrl, type World } from '../world.ts';
import { directoryOperations } from './directory-operations.ts';
import { domainOperations } from './domain-operations.ts';
import { badToken, GraphError, noResource, notPermitted } from './graph-error.ts';
import type { GraphCall } from './graph-operation.ts';
import { traceOperations } from './trace-operations.ts';

const OPERATIONS = [...directoryOperations, ...domainOperations, ...traceOperations];

/** The simulated Microsoft Graph v1.0. */
export function graphRoutes(world: World): Route[] {
  return ['GET', 'POST', 'PATCH', 'DELETE'].map((method) => ({
    method,
    path: '/v1.0/*',
    handle: (request) => answer(world, request),
  }));
}

async function answer(world: World, request: RehearsalRequest): Promise<RehearsalResponse> {
  const began = performance.now();
  const token = /^Bearer (.+)$/iu.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const claims = await world.identity.verify(token, SERVICES.graph);
  const tid = typeof claims?.['tid'] === 'string' ? claims['tid'] : '';
  const { response, outcome } = await outcomeOf(async () => {
    const tenant = world.tenants.get(tid);
    const isHome = tid === HOME_TENANT;
    if (!tenant && !isHome) throw badToken();
    const facts = {
      tenant: isHome ? [tid, 'home'] : [tid, tenant?.name ?? ''],
      method: request.method,
      path: request.params['rest'],
    };
    const fault = world.faults.take('graph', facts);
    return play(fault, () =>
      isHome
        ? homeGraph(homeCall(world, request), request.method, request.params['rest'] ?? '')
        : operate(world, request, { tid, appId: String(claims?.['appid']), roles: [claims?.['roles']].flat() }),
    );
  });
  world.journal.add({
    where: 'graph',
    ...(tid ? { tenant: tid, tenantOfToken: tid, tenantName: world.tenants.get(tid)?.name } : {}),
    operation: `${request.method} ${request.params['rest']}`,
    outcome,
    status: response.status,
    durationMs: Math.round(performance.now() - began),
  });
  return response;
}

function homeCall(world: World, { query, params }: RehearsalRequest) {
  return { world, query, address: `${cloudUrl(world)}/v1.0/${params['rest']}` };
}

async function outcomeOf(
  work: () => Promise<RehearsalResponse>,
): Promise<{ response: RehearsalResponse; outcome: string }> {
  try {
    return { response: await work(), outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { response: error.response(), outcome: error.code };
  }
}

async function play(fault: Fault | null, work: () => RehearsalResponse): Promise<RehearsalResponse> {
  switch (fault?.kind) {
    case 'throttle-with-retry-after':
      return json(429, {}, { 'retry-after': String(fault.seconds) });
    case 'throttle':
      throw new GraphError(429, 'TooManyRequests', 'Too many requests.');
    case 'server-error-before':
      throw new GraphError(fault.status, 'serviceNotAvailable', 'The service is not available at the moment.');
    case 'server-error-after':
      work();
      throw new GraphError(fault.status, 'serviceNotAvailable', 'The service is not available at the moment.');
    case 'hang-after':
      return { ...work(), hang: true };
    case 'lost-role':
      throw notPermitted();
    case 'consent-revoked':
      throw badToken();
    case 'slow':
      await realPause(fault.delayMs);
      return work();
    default:
      return work();
  }
}

interface GraphCaller {
  readonly tid: string;
  readonly appId: string;
  /** Permissions as the token has them: one that was granted since only shows in the next token. */
  readonly roles: readonly unknown[];
}

function operate(world: World, request: RehearsalRequest, caller: GraphCaller): RehearsalResponse {
  const tenant = world.tenants.get(caller.tid);
  const path = request.params['rest'] ?? '';
  const operation = OPERATIONS.find((one) => one.method === request.method && one.path.test(path));
  if (!tenant || !operation) throw noResource(path);
  const now = world.clock.now();
  const { consent, graphPermissions } = tenant.access.seen(now, tenant.switches.consentSeconds);
  if (consent !== 'granted') throw badToken();
  const held = graphPermissions.filter((name) => caller.roles.includes(name));
  if (!operation.permissions.some((name) => held.includes(name))) throw notPermitted();
  const { key = '', second = '' } = operation.path.exec(path)?.groups ?? {};
  const call: GraphCall = {
    world,
    tenant,
    appId: caller.appId,
    access: tenant.access.seen(now, tenant.switches.graphSeconds),
    now,
    key,
    second,
    query: request.query,
    body: () => jsonBody(request),
    address: `${cloudUrl(world)}/v1.0/${path}`,
  };
  return operation.run(call);
}
