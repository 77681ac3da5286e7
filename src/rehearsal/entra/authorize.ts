import { idIn } from '../graph/principals.ts';
import { accountOf, homeOf } from '../home/home-directory.ts';
import type { RehearsalRequest, RehearsalResponse, Route } from '../http.ts';
import { teamsOf } from '../teams/teams.ts';
import { findTenant, type World } from '../world.ts';
import { entraCode } from './entra-codes.ts';
import { registeredRedirect, unregisteredRedirect } from './redirect-uris.ts';
import { HOME_TENANT, SIGN_IN_APP_ID } from './rehearsal-identity.ts';
import { codesOf } from './sign-in-codes.ts';
import { type SignInChoice, signInPage, signInProblem } from './sign-in-page.ts';

/** Set by the Teams page: as whom the person in front of it acts. */
const PERSON_COOKIE = 'rehearsal_person';
const CHALLENGE = /^[\w-]{43}$/u;

/** Where people sign in. `below` is a folder in front, where a browser reaches it without knowing the certificate. */
export function authorizeRoutes(world: World, below = ''): Route[] {
  const path = `${below}/:tenant/oauth2/v2.0/authorize`;
  return [
    { method: 'GET', path, handle: (request) => ask(world, request) },
    { method: 'POST', path, handle: (request) => decide(world, request) },
  ];
}

interface Asked {
  /** Guid. */
  readonly tenant: string;
  readonly organisation: string;
  readonly redirect: URL;
  readonly state: string;
  readonly nonce: string | null;
  readonly challenge: string;
  readonly contexts: readonly string[];
}

function ask(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return signInProblem(asked);
  const chosen = new RegExp(`(?:^|; )${PERSON_COOKIE}=([\\w-]+)`, 'u').exec(request.headers.cookie ?? '')?.[1] ?? '';
  const { organisation, contexts } = asked;
  return signInPage({ organisation, people: peopleOf(world, asked.tenant), chosen, contexts });
}

function decide(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return signInProblem(asked);
  const form = new URLSearchParams(request.body.toString('utf8'));
  const { signIn } = homeOf(world);
  const account = accountIn(world, asked.tenant, form.get('person') ?? '');
  const problem = form.get('decision') === 'accept' ? (signIn.error ?? account.problem) : 'AADSTS65004';
  world.journal.add({
    where: 'entra',
    tenant: asked.tenant,
    operation: 'authorize',
    person: form.get('person') ?? '',
    outcome: problem ?? 'ok',
    status: 302,
  });
  const answer = asked.redirect.searchParams;
  answer.set('state', asked.state);
  if (problem !== null) {
    const { error, subcode, description } = entraCode(problem);
    answer.set('error', error);
    if (subcode) answer.set('error_subcode', subcode);
    answer.set('error_description', `${problem}: ${description}`);
  } else {
    const { redirect, contexts, ...rest } = asked;
    const code = codesOf(world).give({
      ...rest,
      ...account,
      redirect: `${redirect.origin}${redirect.pathname}`,
      contexts: signIn.context === 'given' ? contexts : [],
      authTime: Math.floor(Date.now() / 1000) - signIn.ageSeconds,
    });
    answer.set('code', code);
    answer.set('session_state', crypto.randomUUID());
  }
  return { status: 302, headers: { location: asked.redirect.href } };
}

/** What the address asks for, or what is wrong with it in Entra's words. */
function read(world: World, { params, query }: RehearsalRequest): Asked | string {
  const segment = (params['tenant'] ?? '').toLowerCase();
  const tenant = segment === HOME_TENANT ? { id: HOME_TENANT, name: 'your organisation' } : findTenant(world, segment);
  if (!tenant) return `AADSTS90002: Tenant '${segment}' not found.`;
  const given = query.get('redirect_uri');
  const redirect = registeredRedirect(world, 'signIn', given);
  if (!redirect) return unregisteredRedirect(given, SIGN_IN_APP_ID);
  const problem = problemWith(query);
  if (problem !== null) return problem;
  return {
    tenant: tenant.id,
    organisation: tenant.name,
    redirect,
    state: query.get('state') ?? '',
    nonce: query.get('nonce'),
    challenge: query.get('code_challenge') ?? '',
    contexts: contextsIn(query.get('claims')),
  };
}

function problemWith(query: URLSearchParams): string | null {
  if (query.get('client_id') !== SIGN_IN_APP_ID) {
    return `AADSTS700016: Application with identifier '${query.get('client_id')}' was not found.`;
  }
  if (query.get('response_type') !== 'code' || (query.get('response_mode') ?? 'query') !== 'query') {
    return 'AADSTS700051: The response type is not enabled for the application.';
  }
  if (!(query.get('scope') ?? '').split(' ').includes('openid')) return 'AADSTS900144: The scope must contain openid.';
  const isPkce = query.get('code_challenge_method') === 'S256' && CHALLENGE.test(query.get('code_challenge') ?? '');
  return isPkce ? null : 'AADSTS501481: A code challenge with the method S256 is required.';
}

function contextsIn(claims: string | null): readonly string[] {
  try {
    const { id_token: wanted }: { id_token?: { acrs?: { value?: unknown; values?: unknown } } } = JSON.parse(
      claims ?? '{}',
    );
    return [wanted?.acrs?.value, wanted?.acrs?.values].flat().filter((one) => typeof one === 'string');
  } catch {
    return [];
  }
}

function peopleOf(world: World, tenant: string): readonly SignInChoice[] {
  if (tenant === HOME_TENANT) return teamsOf(world).state.people.map(({ id, name }) => ({ id, name }));
  return [
    { id: 'administrator', name: 'An administrator' },
    { id: 'employee', name: 'Somebody else who works there' },
  ];
}

function accountIn(world: World, tenant: string, id: string) {
  if (tenant !== HOME_TENANT) {
    const choice = peopleOf(world, tenant).find((one) => one.id === id);
    const problem = choice ? null : 'AADSTS50034';
    return { oid: idIn(tenant, `account ${id}`), name: choice?.name ?? '', username: `${id}@${tenant}`, problem };
  }
  const account = accountOf(world, id);
  const problem = account === null ? 'AADSTS50034' : account.accountEnabled ? null : 'AADSTS50057';
  const { oid = '', name = '' } = account?.person ?? {};
  return { oid, name, username: `${id}@switchyard.example`, problem };
}
