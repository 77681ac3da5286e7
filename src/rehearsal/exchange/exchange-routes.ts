import { jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';
import { serviceFailure } from './answers.ts';
import { batch } from './batch.ts';
import { commandInput } from './command-input.ts';
import { invokeCommand } from './invoke-command.ts';
import { Paging } from './paging.ts';

/** The simulated Exchange Online admin endpoint. */
export function exchangeRoutes(world: World): Route[] {
  const paging = new Paging();
  const notAllowed = (): RehearsalResponse => ({ status: 405, headers: { allow: 'GET' } });
  return [
    { method: 'POST', path: '/adminapi/v1.0/:tenant/*', handle: notAllowed },
    {
      method: 'POST',
      path: '/adminapi/beta/:tenant/InvokeCommand',
      handle: (request) => answer(world, paging, request),
    },
    { method: 'POST', path: '/adminapi/beta/:tenant/$batch', handle: (request) => batch(world, paging, request) },
  ];
}

async function answer(world: World, paging: Paging, request: RehearsalRequest): Promise<RehearsalResponse> {
  if (isGarbled(request)) return serviceFailure(500, null);
  const input = commandInput(jsonBody(request));
  return invokeCommand(world, paging, {
    tenant: request.params['tenant'] ?? '',
    query: request.query,
    header: (name) => [request.headers[name] ?? ''].flat().join('; '),
    ...input,
  });
}

/** Accented text fails when the body's charset is not declared. */
function isGarbled({ headers, body }: RehearsalRequest): boolean {
  const declared = /charset=utf-8/iu.test(headers['content-type'] ?? '');
  return !declared && body.some((byte) => byte > 127);
}
