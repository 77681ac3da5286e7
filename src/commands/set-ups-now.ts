import type { ProvisioningRequest } from '../core/request.ts';
import type { Health, SetUp } from '../core/set-up.ts';
import type { Workflow } from '../core/workflow.ts';
import type { World } from '../ports/world.ts';

/**
 * The set-ups as they are while requests are under way. What is stored is what the last run left behind, so a set-up
 * that is being changed is not shown as good, and one that is only on its way is shown, too.
 */
export function setUpsNow(
  stored: readonly SetUp[],
  requests: readonly ProvisioningRequest[],
  workflows: readonly Workflow<World>[],
): SetUp[] {
  const now = new Map(stored.map((setUp) => [keyOf(setUp), setUp]));
  for (const request of requests) {
    const planned = plannedBy(request, workflows);
    if (!planned) continue;
    const known = now.get(keyOf(planned));
    if (request.state === 'running') {
      now.set(keyOf(planned), { ...(known ?? { ...planned, locked: false }), health: healthOf(request) });
    } else if (!known) {
      now.set(keyOf(planned), { ...planned, locked: false, health: 'planned' });
    }
  }
  return [...now.values()];
}

function plannedBy({ workflow, plan }: ProvisioningRequest, workflows: readonly Workflow<World>[]): SetUp | null {
  const known = workflows.find(({ name }) => name === workflow);
  return plan && known ? known.result(plan.facts, 'none') : null;
}

function healthOf({ proofs }: ProvisioningRequest): Health {
  return proofs.length > 0 ? 'settling' : 'applying';
}

function keyOf({ tenantId, gateway }: SetUp): string {
  return `${tenantId} ${gateway}`;
}
