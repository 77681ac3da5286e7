import type { DurableCall } from '../durable.ts';
import type { JsonObject } from '../json.ts';
import type { ProvisioningRequest } from '../request.ts';

/**
 * The durable call that carries out the current plan of a request. Each plan version has its own run, and each start of
 * it that came to nothing because its window had closed.
 */
export function runCall(request: ProvisioningRequest): DurableCall {
  const { starts } = request.clocks;
  return {
    function: `${request.workflow}@${request.version}`,
    id: `${request.id}:run:${request.planVersion}${starts > 1 ? `.${starts}` : ''}`,
    input: { requestId: request.id },
    partition: request.tenant.id,
  };
}

/** The same call for a run that was held back since its confirmation, and so has to read the tenant anew. */
export function afterHold(call: DurableCall): DurableCall {
  return { ...call, input: { ...call.input, wasHeld: true } };
}

/** The durable call that takes back what a run could not; each try is a run of its own, in the same row of the tenant. */
export function undoCall(request: ProvisioningRequest): DurableCall {
  return {
    function: `undo-${request.workflow}@${request.version}`,
    id: `${request.id}:undo:${request.undoTries}`,
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
