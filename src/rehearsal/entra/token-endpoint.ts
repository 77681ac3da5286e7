import type { Tenant } from '../exchange/tenant.ts';
import type { Fault } from '../faults.ts';
import { homeOf } from '../home/home-directory.ts';
import { json, type RehearsalRequest, type RehearsalResponse } from '../http.ts';
import { realPause } from '../real-pause.ts';
import { cloudUrl, findTenant, type World } from '../world.ts';
import type { AccessState } from './access.ts';
import { checkProof } from './client-proof.ts';
import { redeemCode } from './code-grant.ts';
import {
  disabledApplication,
  EntraError,
  orderedError,
  unknownApplication,
  unknownResource,
  unknownTenant,
  wrongGrant,
  wrongScope,
} from './entra-error.ts';
import { BOT_APP_ID, HOME_TENANT, WORKER_APP_ID } from './rehearsal-identity.ts';
import { SERVICES } from './services.ts';

interface Asked {
  readonly segment: string;
  readonly tenant: Tenant | null;
  readonly appId: string;
  readonly secret: string;
  readonly assertion: string | null;
  readonly assertionType: string | null;
  readonly scope: string;
  readonly grant: string;
}

/** `POST /{tenant}/oauth2/v2.0/token`: the client credentials grant. */
export async function answerToken(world: World, request: RehearsalRequest): Promise<RehearsalResponse> {
  const began = performance.now();
  const asked = read(world, request);
  const { tenant } = asked;
  const names = { tenant: [asked.segment, tenant?.id ?? '', tenant?.name ?? ''], appId: asked.appId };
  const fault = world.faults.take('entra', { ...names, scope: asked.scope });
  const response = await play(fault, () =>
    asked.grant === 'authorization_code' ? redeemCode(world, formOf(request), asked.segment) : grant(world, asked),
  );
  const failure = fault && fault.kind !== 'slow' ? fault.kind : null;
  world.journal.add({
    where: 'entra',
    tenant: tenant?.id ?? asked.segment,
    ...(tenant ? { tenantName: tenant.name } : {}),
    appId: asked.appId,
    scope: asked.scope,
    outcome: failure ?? (response.status === 200 ? 'ok' : errorOf(response)),
    status: response.status,
    durationMs: Math.round(performance.now() - began),
  });
  return response;
}

function read(world: World, request: RehearsalRequest): Asked {
  const form = formOf(request);
  const basic = /^Basic (.+)$/iu.exec(request.headers.authorization ?? '')?.[1];
  const [basicId = '', basicSecret = ''] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [];
  const segment = request.params['tenant'] ?? '';
  return {
    segment,
    tenant: findTenant(world, segment),
    appId: form.get('client_id') ?? decodeURIComponent(basicId),
    secret: form.get('client_secret') ?? decodeURIComponent(basicSecret),
    assertion: form.get('client_assertion'),
    assertionType: form.get('client_assertion_type'),
    scope: form.get('scope') ?? '',
    grant: form.get('grant_type') ?? '',
  };
}

function formOf({ body }: RehearsalRequest): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

async function play(fault: Fault | null, work: () => Promise<RehearsalResponse>): Promise<RehearsalResponse> {
  switch (fault?.kind) {
    case 'throttle-with-retry-after':
      return { status: 429, headers: { 'retry-after': String(fault.seconds) } };
    case 'throttle':
      return { status: 429 };
    case 'server-error-before':
    case 'server-error-after':
      return { status: fault.status };
    case 'hang-after':
      return { status: 200, hang: true };
    case 'consent-revoked':
      return unknownApplication(WORKER_APP_ID, fault.match['tenant'] ?? 'the tenant').response();
    case 'slow':
      await realPause(fault.delayMs);
      return work();
    default:
      return work();
  }
}

async function grant(world: World, asked: Asked): Promise<RehearsalResponse> {
  try {
    const audience = await check(world, asked);
    const tenant = asked.tenant?.id ?? HOME_TENANT;
    const token = await world.identity.signAccessToken({
      issuer: `${cloudUrl(world)}/${tenant}/v2.0`,
      audience,
      tenant,
      appId: asked.appId,
      roles: asked.appId === WORKER_APP_ID ? rolesFor(world, asked.tenant, audience) : rolesAtHome(world, audience),
    });
    return json(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token });
  } catch (error) {
    if (error instanceof EntraError) return error.response();
    throw error;
  }
}

/** The audience of the token that is due, or the refusal Entra would give. */
async function check(world: World, asked: Asked): Promise<string> {
  const isHome = ['botframework.com', HOME_TENANT].includes(asked.segment.toLowerCase());
  if (!isHome && !asked.tenant) throw unknownTenant(asked.segment);
  if (asked.grant !== 'client_credentials') throw wrongGrant();
  const isAtHome = asked.appId === BOT_APP_ID ? isHome : seen(world, asked.tenant)?.consent === 'granted';
  if (!isAtHome) throw unknownApplication(asked.appId, asked.segment);
  if (seen(world, asked.tenant)?.principalEnabled === false) throw disabledApplication(asked.appId);
  await checkProof(world, { ...asked, tenants: [asked.segment, asked.tenant?.id ?? HOME_TENANT] });
  const ordered = asked.tenant?.switches.tokenError;
  if (ordered) throw orderedError(ordered);
  const audience = /^(.+)\/\.default$/u.exec(asked.scope)?.[1];
  if (!audience) throw wrongScope(asked.scope);
  if (!Object.values<string>(SERVICES).includes(audience)) throw unknownResource(audience, asked.segment);
  return audience;
}

/** What the app may do in a tenant, as Entra knows it now. */
function seen({ clock }: World, tenant: Tenant | null): AccessState | null {
  return tenant?.access.seen(clock.now(), tenant.switches.consentSeconds) ?? null;
}

function rolesFor(world: World, tenant: Tenant | null, audience: string): readonly string[] {
  const access = seen(world, tenant);
  if (audience === SERVICES.graph) return access?.graphPermissions ?? [];
  if (audience === SERVICES.botConnector) return [];
  return access?.exchangePermission ? ['Exchange.ManageAsApp'] : [];
}

/** What the bot's own registration may do at home. */
function rolesAtHome(world: World, audience: string): readonly string[] {
  return audience === SERVICES.graph ? homeOf(world).permissions : [];
}

function errorOf({ body, status }: RehearsalResponse): string {
  const codes = body !== null && typeof body === 'object' && 'error_codes' in body ? body.error_codes : null;
  return Array.isArray(codes) ? `AADSTS${String(codes[0])}` : String(status);
}
