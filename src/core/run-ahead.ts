import type { ProvisioningRequest, RequestRef } from './request.ts';
import type { RequestStore } from './store.ts';

/** The run of the same tenant that is under way, or about to begin, and that a run of this request has to wait for. */
export async function runAhead(
  store: RequestStore,
  request: Pick<ProvisioningRequest, 'id' | 'tenant' | 'updatedAt'>,
): Promise<RequestRef | null> {
  const runs = await store.list({
    tenantId: request.tenant.id,
    states: ['confirming', 'approved', 'running', 'undoing'],
  });
  // One that waits for a change window is not in anybody's way.
  const others = runs.filter((run) => run.id !== request.id && run.clocks.hold === null && isBefore(run, request));
  const ahead = others.find(({ state }) => state === 'running') ?? others.at(-1);
  return ahead ? { id: ahead.id, workflow: ahead.workflow, title: ahead.title } : null;
}

/** Of two that are being confirmed, the one approved first has asked for its run first. */
function isBefore(
  { state, clocks, updatedAt, id }: ProvisioningRequest,
  request: Pick<ProvisioningRequest, 'id' | 'updatedAt'>,
): boolean {
  if (state !== 'confirming') return true;
  return clocks.starts > 0 && `${updatedAt} ${id}` < `${request.updatedAt} ${request.id}`;
}
