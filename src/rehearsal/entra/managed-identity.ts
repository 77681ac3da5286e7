import { json, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { cloudUrl, type World } from '../world.ts';
import { HOME_TENANT, MANAGED_IDENTITY } from './rehearsal-identity.ts';

/** The endpoint that a machine in the cloud has for its own tokens: IDENTITY_ENDPOINT names it, any IDENTITY_HEADER will do. */
export function managedIdentityRoutes(world: World): Route[] {
  return [{ method: 'GET', path: '/msi/token', handle: (request) => answer(world, request) }];
}

async function answer(world: World, { query, headers }: RehearsalRequest): Promise<RehearsalResponse> {
  const resource = query.get('resource') ?? '';
  const clientId = query.get('client_id') ?? '';
  const refusal = refusalOf(resource, clientId, headers['x-identity-header']);
  const facts = { operation: 'managed identity', appId: clientId, scope: resource };
  world.journal.add({ where: 'entra', ...facts, outcome: refusal ?? 'ok', status: refusal === null ? 200 : 400 });
  if (refusal !== null) return json(400, { statusCode: 400, message: refusal });
  const token = await world.identity.signIdToken({
    iss: `${cloudUrl(world)}/${HOME_TENANT}/v2.0`,
    aud: resource,
    sub: MANAGED_IDENTITY.principalId,
    oid: MANAGED_IDENTITY.principalId,
    tid: HOME_TENANT,
    azp: clientId,
    ver: '2.0',
  });
  const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
  return json(200, { access_token: token, expires_on, resource, token_type: 'Bearer', client_id: clientId });
}

function refusalOf(resource: string, clientId: string, secret: unknown): string | null {
  if (secret === undefined) return 'The header X-IDENTITY-HEADER is missing.';
  if (resource === '') return 'The parameter resource is missing.';
  if (clientId === MANAGED_IDENTITY.clientId) return null;
  return 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.';
}
