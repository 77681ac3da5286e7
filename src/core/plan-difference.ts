import type { ObjectRef } from './change.ts';
import { isCosmetic } from './cosmetic.ts';
import { type Json, type JsonObject, sameJson } from './json.ts';
import type { Plan } from './plan.ts';
import { type ObjectState, stateAfter } from './step.ts';

/**
 * One line of the three-way difference between the plan that was approved and the plan that would be made now. Beside
 * objects of the tenant, the facts and versions a plan relies on can differ; for those nothing is wanted.
 */
export interface PlanDifference {
  readonly about: 'object' | 'fact' | 'basis';
  /** What it is about: an object such as `InboundConnector X`, the sentence of a rule, or the name of a fact. */
  readonly subject: string;
  /** The property; null when it is about the whole subject. */
  readonly field: string | null;
  /** As it was when the approved plan was made. */
  readonly plannedFrom: Json;
  /** As the approved plan would have made it; null where it wanted nothing. */
  readonly wanted: Json;
  /** As it is now. */
  readonly now: Json;
  /** As the plan that would be made now makes it; left out when that is what was wanted before. */
  readonly wantedNow?: Json;
}

/** What differs between two plans of one request. Empty exactly when an approval of the first holds for the second. */
export function differencesBetween(approved: Plan, fresh: Plan): PlanDifference[] {
  if (approved.digest === fresh.digest) return [];
  const lines = [
    ...objectDifferences(approved, fresh),
    ...guardDifferences(approved, fresh),
    ...factDifferences(approved, fresh),
    ...basisDifferences(approved, fresh),
  ];
  const [before, after] = [stepsOf(approved), stepsOf(fresh)];
  const isSame = sameJson(before, after);
  return isSame && lines.length > 0 ? lines : [...lines, basis('Steps', before, after)];
}

interface Sides {
  readonly object: ObjectRef;
  /** As it was read; undefined when the plan has not looked. */
  readonly seen: ObjectState | null | undefined;
  readonly wanted: ObjectState | null;
  readonly fields: readonly string[];
}

function objectDifferences(approved: Plan, fresh: Plan): PlanDifference[] {
  const [before, after] = [sidesOf(approved), sidesOf(fresh)];
  // An object that only one of them touches shows in the list of steps.
  return [...before].flatMap(([key, sides]) => {
    const other = after.get(key);
    return other ? oneObject(sides, other) : [];
  });
}

function oneObject(before: Sides, after: Sides): PlanDifference[] {
  const { kind, identity } = before.object;
  const about = { about: 'object' as const, subject: `${kind} ${identity}` };
  if ((before.seen === null) !== (after.seen === null)) {
    const there = (state: unknown): string => (state === null ? 'not there' : 'there');
    const [plannedFrom, wanted, now] = [there(before.seen), there(before.wanted), there(after.seen)];
    return [{ ...about, field: null, plannedFrom, wanted, now }];
  }
  return [...new Set([...before.fields, ...after.fields])]
    .filter((field) => !isCosmetic(kind, field))
    .map((field) => {
      const [plannedFrom, now] = [before.seen?.[field] ?? null, after.seen?.[field] ?? null];
      const [wanted, wantedNow] = [before.wanted?.[field] ?? plannedFrom, after.wanted?.[field] ?? now];
      const line = { ...about, field, plannedFrom, wanted, now };
      return sameJson(wanted, wantedNow) ? line : { ...line, wantedNow };
    })
    .filter((line) => !sameJson(line.plannedFrom, line.now) || 'wantedNow' in line);
}

/** Each object of a plan as it was read, as its changes leave it, and the properties they are about. */
function sidesOf(plan: Plan): Map<string, Sides> {
  const sides = new Map<string, Sides>();
  for (const change of plan.changes) {
    const { object, fields } = change;
    const key = `${object.kind} ${object.identity}`;
    const known = sides.get(key);
    const read = plan.objects.find((one) => `${one.kind} ${one.identity}` === key)?.state;
    // What Exchange leaves unsaid about an object is in the change, under its default.
    const filled = read && { ...Object.fromEntries(fields.map(({ field, before }) => [field, before])), ...read };
    const seen = known ? known.seen : (filled ?? read);
    sides.set(key, {
      object,
      seen,
      wanted: stateAfter(change, known ? known.wanted : (seen ?? null)),
      fields: [...(known?.fields ?? []), ...fields.map(({ field }) => field)],
    });
  }
  return sides;
}

function guardDifferences(approved: Plan, fresh: Plan): PlanDifference[] {
  const count = Math.max(approved.guards.length, fresh.guards.length);
  return Array.from({ length: count }, (_, at) => at).flatMap((at) => {
    const [before, after] = [approved.guards[at]?.finding, fresh.guards[at]?.finding];
    const subject = before?.rule ?? after?.rule ?? '';
    if (before?.check !== after?.check) {
      return [fact(subject, null, before?.check ?? null, after?.check ?? null)];
    }
    return changedKeys(before?.evidence ?? {}, after?.evidence ?? {}).map((key) =>
      fact(subject, key, before?.evidence[key] ?? null, after?.evidence[key] ?? null),
    );
  });
}

function factDifferences(approved: Plan, fresh: Plan): PlanDifference[] {
  return changedKeys(approved.facts, fresh.facts).map((name) =>
    fact(name, null, approved.facts[name] ?? null, fresh.facts[name] ?? null),
  );
}

function basisDifferences(approved: Plan, fresh: Plan): PlanDifference[] {
  const workflowOf = ({ workflow, version }: Plan): string => `${workflow}, version ${version}`;
  const lines = [
    basis('Workflow', workflowOf(approved), workflowOf(fresh)),
    basis('Gateway profile', approved.profile, fresh.profile),
    basis('Approval policy', approved.policy, fresh.policy),
    basis('Risk', approved.risk, fresh.risk),
    basis('Tenant', approved.tenant.id, fresh.tenant.id),
    basis('Requester', approved.requester.objectId, fresh.requester.objectId),
  ];
  return lines.filter(({ plannedFrom, now }) => !sameJson(plannedFrom, now));
}

function stepsOf({ changes }: Plan): string[] {
  return changes.map(({ step, object }) => `${step} ${object.identity}`);
}

function changedKeys(before: JsonObject, after: JsonObject): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => !sameJson(before[key] ?? null, after[key] ?? null));
}

function fact(subject: string, field: string | null, plannedFrom: Json, now: Json): PlanDifference {
  return { about: 'fact', subject, field, plannedFrom, wanted: null, now };
}

function basis(subject: string, plannedFrom: Json, now: Json): PlanDifference {
  return { about: 'basis', subject, field: null, plannedFrom, wanted: null, now };
}
