import type { Plan } from '../core/plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { sourceOf } from '../core/source-of.ts';
import type { Services } from './command.ts';
import type { MessageTurn } from './turn.ts';

/** Keeps on record who was shown which plan in full: what somebody could know before they decided. */
export function planViewed(
  { store }: Pick<Services, 'store'>,
  { actor, conversation }: Pick<MessageTurn, 'actor' | 'conversation'>,
  { id, tenant, planVersion }: ProvisioningRequest,
  { digest }: Plan,
  page: number | null = null,
): Promise<void> {
  return store.record({
    action: 'plan-viewed',
    requestId: id,
    tenantId: tenant.id,
    actor,
    outcome: 'accepted',
    ...sourceOf(actor, conversation),
    digest,
    detail: { planVersion, ...(page === null ? {} : { page }) },
  });
}
