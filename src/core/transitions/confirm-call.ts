import type { DurableCall } from '../durable.ts';
import type { ProvisioningRequest } from '../request.ts';

/** The durable call that compares the approved plan with one from fresh reads. */
export function confirmCall({ id, planVersion }: Pick<ProvisioningRequest, 'id' | 'planVersion'>): DurableCall {
  return {
    function: 'confirm-request@1',
    id: `${id}:confirm:${planVersion}`,
    input: { requestId: id },
    partition: null,
  };
}
