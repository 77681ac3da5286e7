import type { ProvisioningRequest, RequestRef } from './request.ts';
import type { RequestStore } from './store.ts';

/** The run of the same tenant that is under way, or about to begin, and that a run of this request has to wait for. */
export async function runAhead(
  store: RequestStore,
  { id, tenant }: Pick<ProvisioningRequest, 'id' | 'tenant'>,
): Promise<RequestRef | null> {
  const runs = await store.list({ tenantId: tenant.id, states: ['confirming', 'approved', 'running', 'undoing'] });
  // One that waits for a change window is not in anybody's way, and neither is one whose run was not asked for.
  const isComing = ({ state, clocks }: ProvisioningRequest) => state !== 'confirming' || clocks.starts > 0;
  const others = runs.filter((run) => run.id !== id && run.clocks.hold === null && isComing(run));
  const ahead = others.find(({ state }) => state === 'running') ?? others.at(-1);
  return ahead ? { id: ahead.id, workflow: ahead.workflow, title: ahead.title } : null;
}
