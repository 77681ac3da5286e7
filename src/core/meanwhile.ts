import type { Plan } from './plan.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestStore } from './store.ts';

/** A request that changed what another one was going to change. */
export interface Meanwhile {
  readonly id: string;
  readonly title: string;
  /** Names of who asked for it and who approved it. */
  readonly requester: string;
  readonly approvers: readonly string[];
  /** ISO time at which it ended. */
  readonly at: string;
}

/**
 * Who changed the objects of a plan since it was made, as far as Switchyard itself knows: the last request that ran in
 * the same tenant and touched one of them. Null when it was nobody of ours: Exchange does not tell who it was.
 */
export async function doneMeanwhile(
  store: RequestStore,
  { id, tenant, plan }: ProvisioningRequest,
): Promise<Meanwhile | null> {
  if (plan === null) return null;
  const others = await store.list({ tenantId: tenant.id, states: ['done', 'undone', 'undo-failed', 'running'] });
  const found = others.find(
    (other) => other.id !== id && other.updatedAt > plan.madeAt && touchesSame(plan, other.plan),
  );
  return found ? describe(found) : null;
}

function describe({ id, title, requester, decisions, updatedAt }: ProvisioningRequest): Meanwhile {
  const counted = decisions.filter(({ verdict, voided }) => verdict === 'approve' && !voided);
  return { id, title, requester: requester.name, approvers: counted.map(({ by }) => by.name), at: updatedAt };
}

function touchesSame(plan: Plan, other: Plan | null): boolean {
  const named = new Set(plan.changes.map(({ object }) => `${object.kind} ${object.identity}`));
  return other?.changes.some(({ object }) => named.has(`${object.kind} ${object.identity}`)) ?? false;
}
