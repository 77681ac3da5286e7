import type { z } from 'zod/v4';
import type { Change } from './change.ts';
import type { Check } from './check.ts';
import type { DangerWord } from './danger.ts';
import { InvalidInputError } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Reach } from './reach.ts';
import type { SetUp } from './set-up.ts';
import type { Step } from './step.ts';

/** How long a proof may take and how often it must agree with itself. All times in seconds. */
export interface ProofTiming {
  /** Nothing is asked before this has passed: the change is not expected to act yet. */
  readonly settleSeconds: number;
  /** Pause between two attempts. */
  readonly everySeconds: number;
  /** After this, counted from the start, the proof has failed or stays unknown. */
  readonly deadlineSeconds: number;
  /** How many passes in a row make a proof. */
  readonly agreeing: number;
}

/** Something that must become true after the changes, established by a check that is repeated. */
export interface Proof<Args, World> {
  readonly title: string;
  readonly check: Check<Args, World>;
  readonly timing: ProofTiming;
  /** What a disproof leads to: the run takes its changes back (default), or they stay and the set-up is degraded. */
  readonly disproof?: 'undo' | 'keep';
  /**
   * What follows when neither a proof nor a disproof came by the deadline: the changes stay and the health is unknown
   * (default), or they are taken back after a grace in which a person can hold them.
   */
  readonly onUnknown?: 'keep' | 'undo-unless-held';
}

/** What the proofs of a run came to, the worst of them; `none` when it had none. */
export type ProofOutcome = 'proven' | 'unknown' | 'failed' | 'none';

/**
 * What a workflow is written against. Three interpreters provide it: planning (previews), executing (writes) and,
 * through the journal the second one keeps, undoing. The three verbs are properties, so they may be destructured.
 */
export interface WorkflowContext<World> {
  /** Makes one change. */
  readonly run: <Args>(step: Step<Args, World>, args: Args) => Promise<void>;
  /** Insists on a fact. A fact that does not hold refuses the plan, or stops the run before its next write. */
  readonly require: <Args>(check: Check<Args, World>, args: Args) => Promise<void>;
  /** Waits until something is proven. */
  readonly prove: <Args>(proof: Proof<Args, World>, args: Args) => Promise<void>;
}

/** A sentence an approver must read. Dangers are shown before everything else. */
export interface Warning {
  readonly level: 'danger' | 'notice';
  /** Which kind of danger; default: none of the usual ones. */
  readonly word?: DangerWord;
  readonly text: string;
}

/** What a workflow found out about the tenant before planning. */
export interface Prepared<Facts extends JsonObject> {
  /** Everything `run` needs, as data. Goes into the plan and its digest. */
  readonly facts: Facts;
  /** What the request is called in cards, e.g. `Lock down contoso.com to ExchangeDefender`. */
  readonly title: string;
  readonly warnings: readonly Warning[];
  /** What stays as it is, in words an approver can check. */
  readonly untouched: readonly string[];
  /** Whom and what the change touches beside the named domain. */
  readonly blastRadius: readonly string[];
  /** The gateway profile the plan relies on with its version, e.g. `mimecast-us@2026-11-01`. Default: none. */
  readonly profile?: string;
  /** Finds out whom and what the changes touch; asked once per plan. Errors are answers. Default: nothing is known. */
  readonly reach?: (changes: readonly Change[]) => Promise<Reach>;
}

/** One question of a form. */
export interface FormField {
  readonly id: string;
  readonly label: string;
  readonly kind: 'text' | 'choice' | 'lines';
  readonly placeholder: string;
  readonly required: boolean;
  readonly choices?: readonly { readonly title: string; readonly value: string }[];
  readonly help?: string;
}

/** A workflow as its file describes it. `Input` is what people ask for, `Facts` what planning found out. */
export interface WorkflowSpec<Input, Facts extends JsonObject, World> {
  /** Kebab-case, equals the file name. */
  readonly name: string;
  /** Raised whenever the order or meaning of the steps changes; runs finish on the version they started with. */
  readonly version: number;
  readonly title: string;
  /** One line for `help`. */
  readonly summary: string;
  /**
   * Ways to ask for it in chat; `{domain}` and `{gateway}` stand for parameters, `{field}` and `{value}` for what was
   * typed there. The first one is shown in help.
   */
  readonly phrases: readonly string[];
  /** What it changes: a customer's tenant, found by the domain (default), or Switchyard itself. */
  readonly about?: 'tenant' | 'switchyard';
  readonly input: z.ZodType<Input>;
  readonly form: readonly FormField[];
  /** Ids of the form's fields that are still needed beside the required ones, given these answers. Default: none. */
  missing?(values: Readonly<Record<string, string>>): readonly string[];
  /** Reads what planning needs, in parallel where it can. Throws `RefusedError` when the request makes no sense here. */
  prepare(world: World, input: Input): Promise<Prepared<Facts>>;
  run(context: WorkflowContext<World>, facts: Facts): Promise<void>;
  /** The set-up as it stands once the run is done; null when the workflow leaves none behind. */
  result(facts: Facts, proof: ProofOutcome): SetUp | null;
}

/** A workflow with its types erased, as the registry holds it. */
export interface Workflow<World>
  extends Omit<WorkflowSpec<never, never, World>, 'input' | 'prepare' | 'run' | 'result'> {
  /** Name and version, e.g. `lock-down@1`: the durable function's name. */
  readonly id: string;
  /** Throws `InvalidInputError` naming the field and the value seen. */
  parse(input: unknown): JsonObject;
  prepare(world: World, input: JsonObject): Promise<Prepared<JsonObject>>;
  run(context: WorkflowContext<World>, facts: JsonObject): Promise<void>;
  result(facts: JsonObject, proof: ProofOutcome): SetUp | null;
}

/** Checks a workflow's description and erases its types, so that a registry can hold many of them. */
export function defineWorkflow<Input extends object, Facts extends JsonObject, World>(
  spec: WorkflowSpec<Input, Facts, World>,
): Workflow<World> {
  const parse = (input: unknown): Input => {
    const result = spec.input.safeParse(input);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw new InvalidInputError(`${issue?.path.join('.') || 'The request'}: ${issue?.message ?? 'cannot be used'}`, {
      operation: spec.name,
      next: `Correct it and ask again: ${example(spec)}.`,
    });
  };
  return {
    ...spec,
    id: `${spec.name}@${spec.version}`,
    parse: (input) => withoutUndefined(parse(input)),
    prepare: (world, input) => spec.prepare(world, parse(input)),
    run: (context, facts) => spec.run(context, facts as Facts),
    result: (facts, proof) => spec.result(facts as Facts, proof),
  };
}

/** How the request is typed, with the parameters as people read them. */
function example(spec: { readonly name: string; readonly phrases: readonly string[] }): string {
  return (spec.phrases[0] ?? spec.name).replace(/\{(\w+)\}/g, '<$1>');
}

/** What a schema left out is left out of the stored input too. */
function withoutUndefined(input: object): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
