import type { RehearsalRequest } from '../http.ts';
import type { Tenant } from './tenant.ts';

/** The request as the service reads its body, or null where accented text fails because its charset is not declared. */
export function readable(request: RehearsalRequest, tenant: Tenant | undefined): RehearsalRequest | null {
  if (!isUndeclared(request)) return request;
  return tenant?.switches.garblesUndeclaredCharset ? garbled(request) : null;
}

function isUndeclared({ headers, body }: RehearsalRequest): boolean {
  return !/charset=utf-8/iu.test(headers['content-type'] ?? '') && body.some((byte) => byte > 127);
}

/** The body as it is read by somebody who takes it for Latin-1. */
function garbled(request: RehearsalRequest): RehearsalRequest {
  const headers = { ...request.headers, 'content-type': 'application/json; charset=utf-8' };
  return { ...request, headers, body: Buffer.from(request.body.toString('latin1'), 'utf8') };
}
