import type { Fault } from '../faults.ts';
import { json } from '../http.ts';
import type { World } from '../world.ts';
import { failure, success } from './answers.ts';
import { authorize, type Caller } from './authorize.ts';
import { ExchangeError } from './exchange-error.ts';
import { invoke } from './invoke.ts';
import type { Asked, Page, Paging } from './paging.ts';
import { type Played, playFault } from './play-fault.ts';
import { refuseRole } from './refuse-role.ts';
import type { Service } from './service.ts';
import { setCookie } from './session-cookie.ts';
import type { Tenant } from './tenant.ts';
import { tenantAt } from './tenant-at.ts';

/** Where a call came in. */
export interface Desk {
  readonly world: World;
  readonly service: Service;
  readonly paging: Paging;
}

/** One InvokeCommand call, alone or out of a batch. */
export interface Call {
  /** The tenant of the URL. */
  readonly tenant: string;
  /** The host that answers, common or regional: links lead back to it. */
  readonly host: string;
  /** Given to the client, which brings it along for further pages. */
  readonly cookie: string;
  readonly query: URLSearchParams;
  /** A header's value, empty when absent. */
  readonly header: (name: string) => string;
  readonly cmdlet: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Answers one call and writes it into the journal. */
export async function invokeCommand(desk: Desk, call: Call): Promise<Played['response']> {
  const { world, service } = desk;
  const began = performance.now();
  const { tenantOfToken, ...authorization } = await authorize(world, service, {
    ...call,
    authorization: call.header('authorization'),
  });
  const tenant = tenantAt(world, call.tenant);
  const { response, outcome } =
    'refusal' in authorization ? authorization.refusal : await play(desk, call, authorization.caller);
  world.journal.add({
    where: service.name,
    tenant: tenant?.id ?? call.tenant,
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
async function play(desk: Desk, call: Call, caller: Caller): Promise<Played> {
  const { world, service } = desk;
  const { tenant } = caller;
  const fault = world.faults.take(service.name, { tenant: [tenant.id, tenant.name], cmdlet: call.cmdlet });
  if (!fault) return run(desk, call, caller, null);
  const stage = { world, service, tenant, cmdlet: call.cmdlet };
  return playFault(fault, stage, () => run(desk, call, caller, fault));
}

function run(desk: Desk, call: Call, { tenant, appId }: Caller, fault: Fault | null): Played {
  const { world, service, paging } = desk;
  const cmdlet = service.find(call.cmdlet);
  if (!cmdlet) return { response: refuseRole(service, tenant, call.cmdlet), outcome: '403-unknown-cmdlet' };
  const skiptoken = call.query.get('$skiptoken');
  if (skiptoken !== null) {
    const page = paging.next(skiptoken, { ...asked(call, tenant), cookie: call.header('cookie') });
    return page ? { response: pageOf(call, tenant, page, []), outcome: 'ok' } : expired();
  }
  try {
    const actor = `${tenant.initialDomain}\\${appId}`;
    const { objects, warnings } = invoke(world, tenant, { cmdlet, parameters: call.parameters, actor, fault });
    const { linkLifeSeconds } = tenant.switches;
    const page = paging.first(objects, asked(call, tenant), call.header('prefer'), linkLifeSeconds * 1000);
    return { response: pageOf(call, tenant, page, warnings), outcome: 'ok' };
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    const short = error.type.split('.').at(-1) ?? error.type;
    return { response: failure(error, tenant.switches.olderErrors), outcome: short };
  }
}

/** What is asked, and by whom: the same on every page. */
function asked(call: Call, { id }: Tenant): Asked {
  const body = JSON.stringify([call.cmdlet, call.parameters]);
  return { tenant: id, body, anchor: call.header('x-anchormailbox'), cookie: call.cookie };
}

function pageOf(call: Call, tenant: Tenant, page: Page, warnings: readonly string[]): Played['response'] {
  const url = `https://${call.host}/adminapi/beta/${call.tenant}/InvokeCommand`;
  const select = (call.query.get('$select') ?? '').split(',').filter((name) => name !== '');
  const nextLink = page.skiptoken ? `${url}?${queryOfNext(call.query, page.skiptoken)}` : null;
  const objects = objectsOf(call, tenant, page);
  const maxPageSize = /odata\.maxpagesize=\d+/iu.exec(call.header('prefer'))?.[0];
  return json(200, success({ url, objects, warnings, select, nextLink }), {
    'request-id': crypto.randomUUID(),
    ...(maxPageSize ? { 'preference-applied': maxPageSize } : {}),
    ...setCookie(call.cookie),
    ...(tenant.switches.rateHeaders ? rateHeaders() : {}),
    ...(tenant.switches.warningHeader && warnings.length > 0 ? warningHeader(warnings) : {}),
  });
}

/** The same address, properties that were selected and all, with its place in the result. */
function queryOfNext(query: URLSearchParams, skiptoken: string): string {
  const others = [...query].filter(([name]) => name !== '$skiptoken');
  return new URLSearchParams([...others, ['$skiptoken', skiptoken]]).toString();
}

/** Some answers to writes have no `value` at all, or one that is null. */
function objectsOf({ cmdlet }: Call, { switches }: Tenant, { objects }: Page): Page['objects'] | null | undefined {
  if (!switches.bareAnswers || objects.length > 0) return objects;
  if (/^(enable|disable)-/iu.test(cmdlet)) return null;
  return /^(set|remove)-/iu.test(cmdlet) ? undefined : objects;
}

/** What a header cannot hold is lost in it. */
function warningHeader(warnings: readonly string[]): Record<string, string> {
  return { 'x-warnings': warnings.join(' ').replaceAll(/[^ -~]/gu, '?') };
}

function rateHeaders(): Record<string, string> {
  return {
    'rate-limit-limit': '30000',
    'rate-limit-remaining': '29990',
    'rate-limit-reset': new Date(Date.now() + 16_000).toISOString(),
    'x-concurrencycount': '1',
    'x-combinedapponlyconcurrencycount': '1',
  };
}

function expired(): Played {
  const error = new ExchangeError(
    400,
    'Microsoft.Exchange.AdminApi.CommandInvocation.InvalidPaginationException',
    'The pagination request is expired or invalid. A result can be continued for 00:30:00 with the headers and cookies of its first request.',
  );
  return { response: failure(error, false), outcome: 'expired-page' };
}
