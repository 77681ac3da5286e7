import { type Change, effectOf, isWrite } from './change.ts';
import type { Finding } from './check.ts';
import { digestOf, type JsonObject } from './json.ts';
import type { Risk } from './policy/approval-policy.ts';
import { riskOf } from './policy/risk.ts';
import type { Reach } from './reach.ts';
import type { SeenObject } from './step.ts';
import { type UndoLine, undoOf } from './undo.ts';
import type { ProofTiming, Warning } from './workflow.ts';

export type { PlanDifference } from './plan-difference.ts';

/** A fact the plan relies on, as it was found while planning. */
export interface Guard {
  readonly finding: Finding;
}

/** A proof the run will wait for. */
export interface PlannedProof {
  readonly title: string;
  readonly timing: ProofTiming;
}

/** Exactly what a request will do, as data. Only `digest` binds an approval; the rest is for reading. */
export interface Plan {
  readonly workflow: string;
  readonly version: number;
  /** The gateway profile it relies on with its version, null when it relies on none. */
  readonly profile: string | null;
  readonly tenant: { readonly id: string; readonly name: string };
  readonly title: string;
  readonly facts: JsonObject;
  /** How much it can hurt: decides who has to approve it. */
  readonly risk: Risk;
  /** Version of the approval policy it was made under. */
  readonly policy: string;
  /** Who asked for it. */
  readonly requester: PlanBinding['requester'];
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  readonly proofs: readonly PlannedProof[];
  /** Dangers first. */
  readonly warnings: readonly Warning[];
  readonly untouched: readonly string[];
  readonly blastRadius: readonly string[];
  /** The objects it was made from, as they were read. */
  readonly objects: readonly SeenObject[];
  /** What stopping or failing would send to take it back, in that order. */
  readonly undo: readonly UndoLine[];
  /** Whom and what it touches; null when the workflow does not find that out. */
  readonly reach: Reach | null;
  /** ISO time at which the reads it was made from began. */
  readonly madeAt: string;
  /** SHA-256 over what an approval binds to; see {@link planDigest}. */
  readonly digest: string;
}

/** What an approval binds to beside the plan's own content. */
export interface PlanBinding {
  readonly requester: { readonly tenantId: string; readonly objectId: string };
  readonly policyVersion: string;
}

type Derived = 'digest' | 'risk' | 'policy' | 'requester' | 'undo';
type Optional = 'profile' | 'objects' | 'reach';

/** A plan before it is bound to anybody. Default of `profile` and `reach`: null; of `objects`: none. */
export type PlanDraft = Omit<Plan, Derived | Optional> & Partial<Pick<Plan, Optional>>;

/** A plan with its risk, its way back and its digest computed. */
export function sealPlan(draft: PlanDraft, { requester, policyVersion }: PlanBinding): Plan {
  const { tenantId, objectId } = requester;
  const plan = {
    profile: null,
    objects: [],
    reach: null,
    ...draft,
    risk: riskOf(draft),
    policy: policyVersion,
    requester: { tenantId, objectId },
    undo: undoOf(draft.changes),
  };
  return { ...plan, digest: planDigest(plan) };
}

/**
 * SHA-256 over the RFC 8785 form of everything an approval binds to: effects, guards, facts, workflow and its version,
 * gateway profile, risk, approval policy, tenant and requester. Whatever is only said about these stays out: titles,
 * warnings, what stays untouched, whom it touches, proofs' wording and every time.
 */
export function planDigest(plan: Omit<Plan, 'digest'>): string {
  const { workflow, version, profile, facts, risk, policy, tenant, requester } = plan;
  return digestOf({
    effects: plan.changes.map(effectOf),
    guards: plan.guards.map(({ finding }) => ({ check: finding.check, evidence: finding.evidence })),
    facts,
    workflow,
    version,
    profile,
    risk,
    policy,
    tenant: tenant.id,
    requester: { tenantId: requester.tenantId, objectId: requester.objectId },
  });
}

/** Whether there is nothing left to do. */
export function isEmptyPlan(plan: Plan): boolean {
  return !plan.changes.some((change) => isWrite(change) || change.action === 'prove');
}
