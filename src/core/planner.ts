import type { Change, ObjectRef } from './change.ts';
import type { Finding } from './check.ts';
import type { Clock } from './clock.ts';
import { dangersOf, dangersOfReach } from './danger.ts';
import { describeError, OpsError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { type Plan, type PlannedProof, sealPlan } from './plan.ts';
import type { Reach } from './reach.ts';
import type { Outcome, ProvisioningRequest } from './request.ts';
import { type ObjectState, previewOf, type SeenObject, stateAfter } from './step.ts';
import type { Prepared, Warning, Workflow, WorkflowContext } from './workflow.ts';

/** A plan, or the reason why there can be none: `unclear` when nothing is wrong but something nobody can tell just now. */
export type Planning =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'refused' | 'unclear'; readonly outcome: Outcome };

/** What planning needs of the outside. */
export interface PlanningWorld {
  readonly tenant: { readonly id: string; readonly name: string };
  readonly clock: Clock;
}

/**
 * The planning interpreter: runs the workflow with previews only. It reads, predicts and writes nothing, so it can be
 * repeated at any time; the same tenant gives the same digest. Expected errors become refusals in words; only those
 * that say nothing about the tenant (`ThrottledError`, `UnavailableError`, `StoreUnavailableError`) and defects are thrown.
 * The version of the policy may still be on its way, because the reads need not wait for it.
 */
export async function makePlan<World extends PlanningWorld>(
  workflow: Workflow<World>,
  world: World,
  request: ProvisioningRequest,
  policyVersion: string | Promise<string>,
): Promise<Planning> {
  try {
    return await preview(workflow, world, request, policyVersion);
  } catch (error) {
    if (!(error instanceof OpsError) || worthAnotherTry.includes(error.code)) throw error;
    const { code, message, next } = describeError(error);
    return { kind: 'refused', outcome: { code, message, next, left: [] } };
  }
}

const worthAnotherTry = ['throttled', 'unavailable', 'store-unavailable'];

async function preview<World extends PlanningWorld>(
  workflow: Workflow<World>,
  world: World,
  request: ProvisioningRequest,
  policyVersion: string | Promise<string>,
): Promise<Planning> {
  const madeAt = world.clock.now().toISOString();
  const prepared = await workflow.prepare(world, request.input);
  const preview = new Preview(world);
  await workflow.run(preview.context, prepared.facts);
  const failed = preview.findings.filter(({ status }) => status === 'fail' || status === 'unknown');
  if (failed.length > 0) return refusal(failed);
  const { title, facts, untouched, blastRadius, profile = null } = prepared;
  const { changes, findings, proofs, objects } = preview;
  const draft = {
    workflow: workflow.name,
    version: workflow.version,
    profile,
    tenant: world.tenant,
    title,
    facts,
    changes,
    guards: findings.map((finding) => ({ finding })),
    proofs,
    warnings: [],
    untouched,
    blastRadius,
    objects,
    madeAt,
  };
  const plan = sealPlan(draft, { requester: request.requester, policyVersion: await policyVersion });
  const reach = await reachOf(plan, prepared, request.plan);
  const warnings = [...dangersOfReach(reach), ...prepared.warnings, ...(reach?.warnings ?? []), ...dangersOf(changes)];
  return { kind: 'plan', plan: { ...plan, reach, warnings: dangersFirst(warnings) } };
}

/** The mail of ten days is read once: a plan that does the same as the one before it reaches the same. */
async function reachOf(plan: Plan, prepared: Prepared<JsonObject>, before: Plan | null): Promise<Reach | null> {
  if (before?.reach && before.digest === plan.digest) return before.reach;
  return (await prepared.reach?.(plan.changes)) ?? null;
}

/** Collects what a workflow would do. Later steps see the predicted result of earlier ones. */
class Preview<World> {
  readonly changes: Change[] = [];
  readonly findings: Finding[] = [];
  readonly proofs: PlannedProof[] = [];
  /** What was read of the tenant, each object once. */
  readonly objects: SeenObject[] = [];
  readonly context: WorkflowContext<World>;
  readonly #predicted = new Map<string, ObjectState | null>();

  constructor(world: World) {
    this.context = {
      run: async (step, args) => {
        const object = step.object(args);
        const key = keyOf(object);
        const known = this.#predicted.get(key);
        const current = known === undefined ? await step.read(world, args) : known;
        if (known === undefined) this.objects.push({ ...object, state: current });
        const change = previewOf(step, world, args, current);
        this.#predicted.set(key, stateAfter(change, current));
        this.changes.push(change);
      },
      require: async (check, args) => {
        this.findings.push(await check.run(world, args));
      },
      prove: (proof) => {
        this.proofs.push({ title: proof.title, timing: proof.timing });
        return Promise.resolve();
      },
    };
  }
}

function keyOf(object: ObjectRef): string {
  return `${object.kind}\u0000${object.identity}`;
}

/** What is known to be wrong counts; what is only unknown is named when nothing is known to be wrong. */
function refusal(findings: readonly Finding[]): Planning {
  const failed = findings.filter(({ status }) => status === 'fail');
  const blockers = failed.length > 0 ? failed : findings;
  const many = blockers.length > 1;
  const rules = many ? `${blockers.length} rules` : 'One rule';
  const known = `${rules} ${many ? 'do' : 'does'} not hold.`;
  const outcome: Outcome = {
    code: blockers[0]?.check ?? 'refused',
    message:
      failed.length > 0
        ? known
        : `Whether ${many ? rules : 'one rule'} ${many ? 'hold' : 'holds'} could not be established.`,
    next: '',
    left: [],
    blockers: blockers.map(({ rule, fact, remedy }) => ({ rule, fact, remedy })),
  };
  return { kind: failed.length > 0 ? 'refused' : 'unclear', outcome };
}

function dangersFirst(warnings: readonly Warning[]): Warning[] {
  return warnings.toSorted((left, right) => Number(right.level === 'danger') - Number(left.level === 'danger'));
}
