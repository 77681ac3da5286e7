import type { Tenant } from '../exchange/tenant.ts';
import type { RehearsalRequest, RehearsalResponse, Route } from '../http.ts';
import { findTenant, type World } from '../world.ts';
import { WORKER_APP_ID } from './rehearsal-identity.ts';

/** The page on which an administrator of a customer grants the app its permissions, in both versions of its address. */
export function adminConsentRoutes(world: World): Route[] {
  return ['/:tenant/adminconsent', '/:tenant/v2.0/adminconsent'].flatMap((path) => [
    { method: 'GET', path, handle: (request) => ask(world, request) },
    { method: 'POST', path, handle: (request) => decide(world, request) },
  ]);
}

interface Asked {
  readonly tenant: Tenant;
  readonly redirect: URL;
  readonly state: string;
}

function ask(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return page(400, `<p>${escaped(asked)}</p>`);
  const form =
    `<p>Switchyard asks for <strong>Exchange.ManageAsApp</strong> in <strong>${escaped(asked.tenant.name)}</strong>.</p>` +
    `<form method="post"><button name="decision" value="accept">Accept</button> ` +
    `<button name="decision" value="cancel">Cancel</button></form>`;
  return page(200, form);
}

function decide(world: World, request: RehearsalRequest): RehearsalResponse {
  const asked = read(world, request);
  if (typeof asked === 'string') return page(400, `<p>${escaped(asked)}</p>`);
  const { tenant, redirect, state } = asked;
  const accepted = new URLSearchParams(request.body.toString('utf8')).get('decision') === 'accept';
  redirect.searchParams.set('admin_consent', 'True');
  redirect.searchParams.set('state', state);
  if (accepted) {
    tenant.consent = 'granted';
    tenant.hasExchangeRole = true;
    world.tenants.changes.changed();
    redirect.searchParams.set('tenant', tenant.id);
  } else {
    redirect.searchParams.set('error', 'access_denied');
    redirect.searchParams.set('error_subcode', 'cancel');
    redirect.searchParams.set('error_description', 'AADSTS65004: User declined to consent to access the app.');
  }
  const facts = { tenant: tenant.id, tenantName: tenant.name, operation: 'adminconsent' };
  world.journal.add({ where: 'entra', ...facts, outcome: accepted ? 'ok' : 'AADSTS65004', status: 302 });
  return { status: 302, headers: { location: redirect.href } };
}

/** What the link asks for, or what is wrong with it in Entra's words. */
function read(world: World, { params, query }: RehearsalRequest): Asked | string {
  const tenant = findTenant(world, params['tenant'] ?? '');
  if (!tenant) return `AADSTS90002: Tenant '${params['tenant']}' not found.`;
  if (query.get('client_id') !== WORKER_APP_ID) {
    return `AADSTS700016: Application with identifier '${query.get('client_id')}' was not found.`;
  }
  const redirect = URL.parse(query.get('redirect_uri') ?? '');
  if (!redirect || !['127.0.0.1', 'localhost'].includes(redirect.hostname)) {
    return 'AADSTS50011: The redirect URI specified in the request does not match the redirect URIs configured for the application.';
  }
  return { tenant, redirect, state: query.get('state') ?? '' };
}

function page(status: number, body: string): RehearsalResponse {
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>REHEARSAL – permissions requested</title>' +
    `<h1>REHEARSAL – permissions requested</h1>${body}</html>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; form-action 'self' http://127.0.0.1:* http://localhost:*",
    },
    body: html,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
