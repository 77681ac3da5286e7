import type { ProvisioningRequest } from './request.ts';
import type { RequestStore } from './store.ts';

/**
 * Whether another request of the tenant was in the way, or did anything at all, after the reads that confirmed this
 * one. Then those reads are older than the wait, however short it was, and its run has to read the tenant anew.
 */
export async function hadToWait(
  store: RequestStore,
  { id, tenant, behind, plan }: ProvisioningRequest,
): Promise<boolean> {
  if (behind || !plan) return true;
  // One of the two can be this request itself.
  const changed = await store.list({ tenantId: tenant.id, changedAfter: plan.madeAt, limit: 2 });
  return changed.some((other) => other.id !== id);
}
