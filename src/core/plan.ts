import { type Change, effectOf } from './change.ts';
import type { Finding } from './check.ts';
import { digestOf, type Json, type JsonObject, sameJson } from './json.ts';
import type { ProofTiming, Warning } from './workflow.ts';

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
  readonly tenant: { readonly id: string; readonly name: string };
  readonly title: string;
  readonly facts: JsonObject;
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  readonly proofs: readonly PlannedProof[];
  /** Dangers first. */
  readonly warnings: readonly Warning[];
  readonly untouched: readonly string[];
  readonly blastRadius: readonly string[];
  /** ISO time of the reads it was made from. */
  readonly madeAt: string;
  /** SHA-256 over effects, guards, facts, workflow version, policy, tenant and requester. */
  readonly digest: string;
}

/** What an approval binds to beside the plan's own content. */
export interface PlanBinding {
  readonly requester: { readonly tenantId: string; readonly objectId: string };
  readonly policyVersion: string;
}

/** A plan with its digest computed. */
export function sealPlan(plan: Omit<Plan, 'digest'>, binding: PlanBinding): Plan {
  const digest = digestOf({
    effects: plan.changes.map(effectOf),
    guards: plan.guards.map(({ finding }) => ({ check: finding.check, evidence: finding.evidence })),
    facts: plan.facts,
    workflow: plan.workflow,
    version: plan.version,
    policy: binding.policyVersion,
    tenant: plan.tenant.id,
    requester: { tenantId: binding.requester.tenantId, objectId: binding.requester.objectId },
  });
  return { ...plan, digest };
}

/** Whether there is anything left to do. */
export function isEmptyPlan(plan: Plan): boolean {
  return plan.changes.every(({ action }) => action === 'no-op');
}

/** One line of the difference between the plan that was approved and the plan that would be made now. */
export interface PlanDifference {
  /** What the line is about, e.g. `InboundConnector Switchyard … · SenderIPAddresses`. */
  readonly subject: string;
  /** As the approved plan had it. */
  readonly planned: Json;
  /** As it is now. */
  readonly now: Json;
}

/** What differs between two plans of one request: effects field by field, guards and facts by name. */
export function differencesBetween(planned: Plan, now: Plan): PlanDifference[] {
  const left = linesOf(planned);
  const right = linesOf(now);
  const subjects = [...new Set([...left.keys(), ...right.keys()])];
  return subjects
    .map((subject) => ({ subject, planned: left.get(subject) ?? null, now: right.get(subject) ?? null }))
    .filter((line) => !sameJson(line.planned, line.now));
}

function linesOf(plan: Plan): Map<string, Json> {
  const lines = new Map<string, Json>();
  for (const change of plan.changes) {
    const object = `${change.object.kind} ${change.object.identity}`;
    lines.set(`${object} · ${change.step}`, change.action);
    for (const { field, before, after } of change.fields) {
      lines.set(`${object} · ${field}, now`, before);
      lines.set(`${object} · ${field}, wanted`, after);
    }
  }
  for (const { finding } of plan.guards) lines.set(`${finding.check} · ${finding.status}`, finding.evidence);
  for (const [name, value] of Object.entries(plan.facts)) lines.set(name, value);
  return lines;
}
