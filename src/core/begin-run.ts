import { confirm } from './confirming.ts';
import { hadToWait } from './had-to-wait.ts';
import type { JsonObject } from './json.ts';
import type { Plan } from './plan.ts';
import { planAgain } from './plan-again.ts';
import type { PlanningWorld } from './planner.ts';
import { runStarted } from './policy/run-started.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RunServices } from './run-services.ts';
import { requestIdOf, runCall } from './transitions/run-call.ts';
import type { Workflow } from './workflow.ts';

/** What a run carries out. Kept in its first stored step, so that a replay sees exactly the same. */
export interface Approved {
  readonly tenant: ProvisioningRequest['tenant'];
  readonly plan: Plan;
}

/**
 * Compares the approved plan with one made from recent reads, or from new ones if the run had to wait, and starts the
 * run only if nothing changed. Null when there is nothing to carry out: the approval is void, nobody could tell whether
 * the plan still holds, or the run belongs to an earlier plan.
 */
export async function beginRun<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  runId: string,
  input: JsonObject,
): Promise<Approved | null> {
  const { gate, store } = services;
  const requestId = requestIdOf(input);
  const request = await onceConfirmed(services, runId, requestId);
  if (!request?.plan) return null;
  if (request.state === 'running') return approvedOf(request, request.plan);
  // One that is held back is asked for anew when it may start.
  if (request.state !== 'approved' || request.clocks.hold) return null;
  // A run that begins at once after its confirmation need not read again what that has just read.
  const age = input['wasHeld'] === true || (await hadToWait(store, request)) ? 'new' : 'recent';
  const fresh = await planAgain(workflow, services, request, age);
  const { planVersion } = request;
  if (fresh.kind !== 'plan') {
    const { kind, outcome } = fresh;
    const unclear = { type: 'start-unclear', outcome, runId } as const;
    await gate.submit(requestId, kind === 'unclear' ? unclear : { type: 'plan-refused', outcome, planVersion });
    return null;
  }
  if (fresh.plan.digest !== request.plan.digest) {
    const { plan, behind, meanwhile } = fresh;
    await gate.submit(requestId, { type: 'superseded', plan, behind, meanwhile, planVersion });
    return null;
  }
  // Only now: reading may have taken minutes, in which somebody lost a right.
  const ready = await runStarted(services, request);
  if (ready.type === 'start-unclear') {
    await gate.submit(requestId, { ...ready, runId });
    return null;
  }
  const started = await gate.submit(requestId, { ...ready, plan: fresh.plan, runId }, request);
  // What was refused may have begun all the same: an earlier attempt to store it arrived late, and nobody heard of it.
  const now = started.kind === 'moved' ? started.request : await store.get(requestId);
  return now?.plan && now.state === 'running' && isRunOf(now, runId) ? approvedOf(now, now.plan) : null;
}

/**
 * The request of a run after its confirmation, which is waited for or made here: the run was asked for along with it.
 * Null when the run has no business here, as one of an earlier plan that wakes up late.
 */
async function onceConfirmed<World extends PlanningWorld>(
  services: RunServices<World>,
  runId: string,
  requestId: string,
): Promise<ProvisioningRequest | null> {
  const request = await services.store.get(requestId);
  if (!isRunOf(request, runId)) return null;
  if (request.state !== 'confirming') return request;
  const confirmed = await confirm(services, request);
  const now = confirmed.kind === 'moved' ? confirmed.request : await services.store.get(requestId);
  return isRunOf(now, runId) ? now : null;
}

function isRunOf(request: ProvisioningRequest | null, runId: string): request is ProvisioningRequest {
  return request !== null && runCall(request).id === runId;
}

function approvedOf({ tenant }: ProvisioningRequest, plan: Plan): Approved {
  return { tenant, plan };
}
