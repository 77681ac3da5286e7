import type { Tenant } from '../exchange/tenant.ts';
import type { RehearsalRequest, RehearsalResponse, Route } from '../http.ts';
import { findTenant, type World } from '../world.ts';
import type { AccessState } from './access.ts';
import { consentPage, problemPage } from './consent-page.ts';
import { entraCode } from './entra-codes.ts';
import { requestedPermissions } from './graph-permissions.ts';
import { registeredRedirect, unregisteredRedirect } from './redirect-uris.ts';
import { WORKER_APP_ID } from './rehearsal-identity.ts';
import { SERVICES } from './services.ts';

/**
 * The page on which an administrator of a customer grants the app its permissions, in both versions of its address.
 * `below` is a folder in front of both, where a browser can reach it that does not know the cloud's certificate.
 */
export function adminConsentRoutes(world: World, below = ''): Route[] {
  return [`${below}/:tenant/adminconsent`, `${below}/:tenant/v2.0/adminconsent`].flatMap((path) => [
    { method: 'GET', path, handle: (request) => ask(world, request) },
    { method: 'POST', path, handle: (request) => decide(world, request) },
  ]);
}

interface Asked {
  /** Null while `organizations` stands for the one that the administrator will sign in to. */
  readonly tenant: Tenant | null;
  readonly redirect: URL;
  readonly state: string;
  /** The one resource of the second version; the first version is about all that the app asks for. */
  readonly scope: string | null;
}

function ask(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return problemPage(asked);
  return consentPage({ organisation: asked.tenant?.name ?? null, wishes: wishes(asked) });
}

function wishes({ scope }: Asked): readonly string[] {
  if (scope === SERVICES.graph) return requestedPermissions;
  return scope === null ? ['Exchange.ManageAsApp', ...requestedPermissions] : ['Exchange.ManageAsApp'];
}

function decide(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return problemPage(asked);
  const form = new URLSearchParams(request.body.toString('utf8'));
  const tenant = asked.tenant ?? findTenant(world, form.get('organization') ?? '');
  if (!tenant) return problemPage(notFound(form.get('organization') ?? ''));
  const problem = form.get('decision') === 'accept' ? tenant.switches.consentError : 'AADSTS65004';
  const facts = { tenant: tenant.id, tenantName: tenant.name, operation: 'adminconsent' };
  world.journal.add({ where: 'entra', ...facts, outcome: problem ?? 'ok', status: 302 });
  if (problem === null) {
    tenant.access.change(granted(tenant, asked), world.clock.now());
    world.tenants.changes.changed();
  }
  return { status: 302, headers: { location: answered(asked, tenant, problem) } };
}

/** What the administrator's consent adds to what the app had. */
function granted(tenant: Tenant, { scope }: Asked): Partial<AccessState> {
  const { current } = tenant.access;
  const isNew = current.consent !== 'granted';
  const before = isNew ? { exchangePermission: false, graphPermissions: [] } : current;
  const isGraph = scope === null || scope === SERVICES.graph;
  return {
    consent: 'granted',
    exchangePermission: before.exchangePermission || scope === null || scope === SERVICES.exchange,
    graphPermissions: isGraph
      ? [...new Set([...before.graphPermissions, ...requestedPermissions])]
      : before.graphPermissions,
  };
}

/** The way back, with the answer. `admin_consent=True` comes with failures too. */
function answered({ redirect, state, scope }: Asked, tenant: Tenant, problem: string | null): string {
  const answer = redirect.searchParams;
  answer.set('admin_consent', 'True');
  answer.set('state', state);
  if (problem === null) {
    answer.set('tenant', tenant.id);
    if (scope !== null) answer.set('scope', `${scope}/.default`);
    return redirect.href;
  }
  const { error, subcode, description } = entraCode(problem);
  answer.set('error', error);
  if (subcode) answer.set('error_subcode', subcode);
  answer.set('error_description', `${problem.split(' ')[0]}: ${description}`);
  return redirect.href;
}

/** What the link asks for, or what is wrong with it in Entra's words. */
function read(world: World, { params, query, path }: RehearsalRequest): Asked | string {
  const segment = params['tenant'] ?? '';
  if (segment === 'common') {
    return "AADSTS900561: The administrator's consent cannot be given at 'common': name the tenant or organizations.";
  }
  const tenant = findTenant(world, segment);
  if (!tenant && segment !== 'organizations') return notFound(segment);
  if (query.get('client_id') !== WORKER_APP_ID) {
    return `AADSTS700016: Application with identifier '${query.get('client_id')}' was not found.`;
  }
  const given = query.get('redirect_uri');
  const redirect = registeredRedirect(world, 'worker', given);
  if (!redirect) return unregisteredRedirect(given, WORKER_APP_ID);
  const scope = scopeOf(path, query.get('scope'));
  if (scope === undefined) {
    return 'AADSTS70011: The scope must be /.default of one resource: Graph or Exchange Online.';
  }
  return { tenant, redirect, state: query.get('state') ?? '', scope };
}

/** The resource of the second version, null for the first, undefined for something that cannot be asked for. */
function scopeOf(path: string, given: string | null): string | null | undefined {
  if (!path.includes('/v2.0/')) return null;
  const resource = /^(\S+)\/\.default$/u.exec(given ?? '')?.[1];
  return [SERVICES.graph, SERVICES.exchange].find((known) => known === resource);
}

function notFound(tenant: string): string {
  return `AADSTS90002: Tenant '${tenant}' not found.`;
}
