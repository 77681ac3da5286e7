import type { RehearsalRequest, RehearsalResponse, Route } from '../http.ts';
import { json } from '../http.ts';
import { cloudUrl, type World } from '../world.ts';
import { adminConsentRoutes } from './admin-consent.ts';
import { authorizeRoutes } from './authorize.ts';
import { BOT_TOKEN_ISSUER } from './rehearsal-identity.ts';
import { answerToken } from './token-endpoint.ts';

/** The simulated Entra: tokens, OpenID metadata, and the Bot channel's signing keys. */
export function entraRoutes(world: World): Route[] {
  const get = (path: string, handle: (request: RehearsalRequest) => RehearsalResponse): Route => ({
    method: 'GET',
    path,
    handle,
  });
  return [
    get('/botframework/openidconfiguration', () => json(200, channelMetadata(world))),
    get('/botframework/keys', () => json(200, world.identity.channelKeys())),
    ...adminConsentRoutes(world),
    ...authorizeRoutes(world),
    get('/common/discovery/instance', () => json(200, instanceDiscovery(world))),
    { method: 'POST', path: '/:tenant/oauth2/v2.0/token', handle: (request) => answerToken(world, request) },
    get('/:tenant/v2.0/.well-known/openid-configuration', ({ params }) =>
      json(200, tenantMetadata(world, params['tenant'] ?? '')),
    ),
    get('/:tenant/discovery/v2.0/keys', () => json(200, world.identity.entraKeys())),
  ];
}

function channelMetadata(world: World): Record<string, unknown> {
  return {
    issuer: BOT_TOKEN_ISSUER,
    authorization_endpoint: 'https://invalid.botframework.com',
    jwks_uri: `${cloudUrl(world)}/botframework/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
  };
}

function tenantMetadata(world: World, tenant: string): Record<string, unknown> {
  const base = `${cloudUrl(world)}/${encodeURIComponent(tenant)}`;
  return {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    tenant_region_scope: 'EU',
  };
}

function instanceDiscovery(world: World): Record<string, unknown> {
  const host = new URL(cloudUrl(world)).host;
  return {
    tenant_discovery_endpoint: `${cloudUrl(world)}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
