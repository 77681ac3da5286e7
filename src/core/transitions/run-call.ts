import type { DurableCall } from '../durable.ts';
import type { JsonObject } from '../json.ts';
import type { ProvisioningRequest } from '../request.ts';

/** The durable call that carries out the current plan of a request. Each plan version has its own run. */
export function runCall(request: ProvisioningRequest): DurableCall {
  return {
    function: `${request.workflow}@${request.version}`,
    id: `${request.id}:run:${request.planVersion}`,
    input: { requestId: request.id },
    partition: request.tenant.id,
  };
}

/** The request a durable call is about. */
export function requestIdOf(input: JsonObject): string {
  const { requestId } = input;
  if (typeof requestId === 'string') return requestId;
  throw new Error('A durable call came without its request.');
}
