import type { Fault } from '../faults.ts';
import { json, type RehearsalResponse } from '../http.ts';
import { realPause } from '../real-pause.ts';
import { cloudUrl, type World } from '../world.ts';
import { failure, forbidden, serviceFailure, success, unauthorized } from './answers.ts';
import { authorize, type Caller, NO_ROLE } from './authorize.ts';
import { findCmdlet } from './cmdlet-table.ts';
import { ExchangeError } from './exchange-error.ts';
import { invoke } from './invoke.ts';
import type { Page, Paging } from './paging.ts';

/** One InvokeCommand call, alone or out of a batch. */
export interface Call {
  /** The tenant of the URL. */
  readonly tenant: string;
  readonly query: URLSearchParams;
  /** A header's value, empty when absent. */
  readonly header: (name: string) => string;
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface Played {
  readonly response: RehearsalResponse;
  readonly outcome: string;
}

/** Answers one call and writes it into the journal. */
export async function invokeCommand(world: World, paging: Paging, call: Call): Promise<RehearsalResponse> {
  const began = performance.now();
  const { tenantOfToken, ...authorization } = await authorize(world, call.tenant, call.header('authorization'));
  const tenant = world.tenants.get(call.tenant.toLowerCase());
  const { response, outcome } =
    'refusal' in authorization ? authorization.refusal : await play(world, paging, call, authorization.caller);
  world.journal.add({
    where: 'exchange',
    tenant: call.tenant,
    ...(tenant ? { tenantName: tenant.name } : {}),
    ...(tenantOfToken ? { tenantOfToken } : {}),
    cmdlet: call.cmdlet,
    parameters: call.parameters,
    outcome,
    status: response.status,
    durationMs: Math.round(performance.now() - began),
  });
  return response;
}

/** Runs the call, or the fault that waits for it. */
async function play(world: World, paging: Paging, call: Call, caller: Caller): Promise<Played> {
  const { tenant } = caller;
  const fault = world.faults.take('exchange', { tenant: [tenant.id, tenant.name], cmdlet: call.cmdlet });
  const instead = fault && insteadOf(fault);
  if (fault && instead) return { response: instead, outcome: fault.kind };
  if (fault?.kind === 'slow') await realPause(fault.delayMs);
  const played = run(world, paging, call, caller, fault);
  return fault ? afterwards(fault, played) : played;
}

/** What the caller gets to see once the cmdlet has run. */
function afterwards(fault: Fault, played: Played): Played {
  switch (fault.kind) {
    case 'server-error-after':
      return { response: serviceFailure(fault.status, null), outcome: fault.kind };
    case 'hang-after':
      return { response: { status: 200, hang: true }, outcome: fault.kind };
    case 'slow':
      return played;
    default:
      return { ...played, outcome: played.outcome === 'ok' ? fault.kind : played.outcome };
  }
}

/** The answer of a fault that keeps the cmdlet from running. */
function insteadOf(fault: Fault): RehearsalResponse | null {
  switch (fault.kind) {
    case 'throttle-with-retry-after':
      return serviceFailure(429, fault.seconds);
    case 'throttle':
      return serviceFailure(429, null);
    case 'server-error-before':
      return serviceFailure(fault.status, null);
    case 'lost-role':
      return forbidden(NO_ROLE);
    case 'consent-revoked':
      return unauthorized('2000008;reason="The application was removed from the tenant."');
    default:
      return null;
  }
}

function run(world: World, paging: Paging, call: Call, { tenant, appId }: Caller, fault: Fault | null): Played {
  const cmdlet = findCmdlet(call.cmdlet);
  if (!cmdlet) return { response: forbidden(NO_ROLE), outcome: '403-unknown-cmdlet' };
  const skiptoken = call.query.get('$skiptoken');
  const anchor = call.header('x-anchormailbox');
  if (skiptoken !== null) {
    const page = paging.next(skiptoken, anchor, call.header('cookie'));
    return page ? { response: pageOf(world, call, page, []), outcome: 'ok' } : expired();
  }
  try {
    const actor = `${tenant.initialDomain}\\${appId}`;
    const { objects, warnings } = invoke(world, tenant, { cmdlet, parameters: call.parameters, actor, fault });
    const page = objects === null ? null : paging.first(objects, call.header('prefer'), anchor);
    return { response: pageOf(world, call, page, warnings), outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const short = error.type.split('.').at(-1) ?? error.type;
    return { response: failure(error, tenant.switches.olderErrors), outcome: short };
  }
}

function pageOf(world: World, call: Call, page: Page | null, warnings: readonly string[]): RehearsalResponse {
  const url = `${cloudUrl(world)}/adminapi/beta/${call.tenant}/InvokeCommand`;
  const nextLink = page?.skiptoken ? `${url}?%24skiptoken=${page.skiptoken}` : null;
  const select = (call.query.get('$select') ?? '').split(',').filter((name) => name !== '');
  const body = success({ url, objects: page?.objects ?? null, warnings, select, nextLink });
  return json(200, body, {
    'request-id': crypto.randomUUID(),
    ...(page ? { 'set-cookie': `exchangecookie=${page.cookie}; path=/; secure; HttpOnly` } : {}),
  });
}

function expired(): Played {
  const error = new ExchangeError(
    400,
    'Microsoft.Exchange.AdminApi.CommandInvocation.InvalidPaginationException',
    'The pagination request is expired or invalid. A result can be continued for 00:30:00 with the headers and cookies of its first request.',
  );
  return { response: failure(error, false), outcome: 'expired-page' };
}
