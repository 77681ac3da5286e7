import { applyChange, type Doubt, retried, revertChange } from './apply.ts';
import { type Approved, beginRun } from './begin-run.ts';
import { type Change, effectOf } from './change.ts';
import type { Check, Finding } from './check.ts';
import type { DurableFunction, DurableRun } from './durable.ts';
import { DriftError, describeError, StoppedError } from './errors.ts';
import { asJson, type JsonObject, sameJson } from './json.ts';
import type { Plan } from './plan.ts';
import type { PlanningWorld } from './planner.ts';
import { awaitProof, type ProofResult } from './proof.ts';
import { type Recorded, RunError, recorded, unwrap } from './recorded.ts';
import type { StepProgress } from './request.ts';
import type { EventOf } from './request-event.ts';
import type { RunServices } from './run-services.ts';
import type { SetUp } from './set-up.ts';
import type { ObjectState, Step } from './step.ts';
import { StoreUnavailableError } from './store.ts';
import { requestIdOf } from './transitions/run-call.ts';
import type { ProofOutcome, Workflow, WorkflowContext } from './workflow.ts';

/** The durable function that carries out approved requests of one workflow: the executing interpreter. */
export function runFunction<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
): DurableFunction {
  return {
    name: workflow.id,
    run: async (durable, input) => {
      const requestId = requestIdOf(input);
      const begun = await durable.step('start', async () => {
        const approved = await beginRun(workflow, services, durable.id, requestId);
        return approved && { tenant: { ...approved.tenant }, plan: asJson(approved.plan) };
      });
      if (begun) await new Run(workflow, services, durable, requestId, begun as unknown as Approved).execute();
    },
  };
}

/** One step that was begun, with all that taking it back needs. */
interface JournalEntry {
  readonly index: number;
  readonly change: Change;
  /** Whether the step itself failed, rather than a later one. */
  readonly failed: boolean;
  revert(): Promise<void>;
}

/** One execution of one approved plan. Replayed from the start after a crash; stored results stand in for work done. */
class Run<World extends PlanningWorld> {
  readonly #workflow: Workflow<World>;
  readonly #services: RunServices<World>;
  readonly #durable: DurableRun;
  readonly #requestId: string;
  readonly #plan: Plan;
  readonly #world: World;
  readonly #journal: JournalEntry[] = [];
  /** What the drift guard of a step saw in this process: a replay after a crash reads again. */
  #seen: { readonly index: number; readonly current: ObjectState | null } | null = null;
  #next = 0;
  #guards = 0;
  #proofs: ProofResult[] = [];

  constructor(
    workflow: Workflow<World>,
    services: RunServices<World>,
    durable: DurableRun,
    requestId: string,
    { tenant, plan }: Approved,
  ) {
    this.#workflow = workflow;
    this.#services = services;
    this.#durable = durable;
    this.#requestId = requestId;
    this.#plan = plan;
    this.#world = services.worldOf(tenant, durable.stillOurs);
  }

  async execute(): Promise<void> {
    try {
      await this.#workflow.run(this.#context(), this.#plan.facts);
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      await this.#compensate(error instanceof RunError ? error : this.#defect(error));
      return;
    }
    await this.#durable.step('complete', () => this.#complete());
  }

  /** A run that broke off would hold its request and its tenant for ever, so a defect is taken back like a failure. */
  #defect(error: unknown): RunError {
    this.#services.onDefect(error);
    return new RunError({ ...describeError(error) });
  }

  #context(): WorkflowContext<World> {
    return {
      run: (step, args) => this.#runStep(step, args),
      require: async (check, args) => {
        const index = this.#guards++;
        const planned = this.#plan.guards[index]?.finding;
        const result = await this.#recordedStep(`guard ${index}: ${check.name}`, async () => {
          const finding = await check.run(this.#world, args);
          const holds = finding.status !== 'fail' && finding.status !== 'unknown';
          if (holds && planned && sameJson(finding.evidence, planned.evidence)) return {};
          throw new DriftError(`${finding.rule} ${finding.fact}`, { operation: check.name, next: finding.remedy });
        });
        unwrap(result);
      },
      prove: async (proof, args) => {
        const index = this.#proofs.length;
        const result = await awaitProof({
          durable: this.#durable,
          clock: this.#services.clock,
          name: `proof ${index}`,
          proof,
          look: () => this.#look(proof.check, args),
          report: async (progress) => {
            await this.#services.gate.submit(this.#requestId, { type: 'proof', index, proof: progress });
          },
        });
        this.#proofs.push(result);
      },
    };
  }

  /** A look that fails says nothing about the tenant, so it is an unclear answer and not the end of the run. */
  async #look<Args>(check: Check<Args, World>, args: Args): Promise<Finding> {
    const seen = await recorded(() => check.run(this.#world, args), this.#services.onDefect);
    if (seen.ok) return seen.value;
    const { message, next } = seen.error;
    return { check: check.name, status: 'unknown', rule: check.title, fact: message, remedy: next, evidence: {} };
  }

  async #runStep<Args>(step: Step<Args, World>, args: Args): Promise<void> {
    const index = this.#next++;
    const planned = this.#plan.changes[index];
    if (planned?.step !== step.name) {
      throw new Error(
        `Step ${index} of ${this.#workflow.id} is ${step.name}, the approved plan says ${planned?.step}.`,
      );
    }
    if (planned.action === 'no-op') {
      await this.#durable.step(`${index} ${step.name}: already`, () => this.#mark(index, 'already'));
      return;
    }
    unwrap(await this.#recordedStep(`${index} ${step.name}: intent`, () => this.#intend(step, args, planned, index)));
    const applied = await this.#recordedStep(`${index} ${step.name}: apply`, async () => {
      await applyChange(step, args, planned, this.#world, this.#takeSeen(index));
      await this.#mark(index, 'done');
      return {};
    });
    const revert = () => revertChange(step, args, planned, this.#world, doubtOf(applied));
    this.#journal.push({ index, change: planned, failed: !applied.ok, revert });
    unwrap(applied);
  }

  /** Recorded before the write, so that a crash after the write cannot be mistaken for somebody else's change. */
  async #intend<Args>(step: Step<Args, World>, args: Args, planned: Change, index: number): Promise<JsonObject> {
    const request = await this.#services.store.get(this.#requestId);
    if (request?.stopRequestedBy) throw stopped(request.stopRequestedBy.name);
    const current = await retried(this.#services, () => step.read(this.#world, args));
    if (!sameJson(effectOf(step.preview(args, current)), effectOf(planned))) {
      throw new DriftError(
        `${planned.object.kind} ${planned.object.identity} was changed by somebody else during the run.`,
        {
          operation: step.name,
          next: 'Look at the object in the admin centre, then make a new request.',
        },
      );
    }
    await this.#mark(index, 'running');
    this.#seen = { index, current };
    return {};
  }

  /** Once only: a second attempt has to look for itself. */
  #takeSeen(index: number): { readonly current: ObjectState | null } | undefined {
    const seen = this.#seen?.index === index ? this.#seen : undefined;
    this.#seen = null;
    return seen;
  }

  async #compensate(failure: RunError): Promise<void> {
    const left: string[] = [];
    for (const entry of this.#journal.toReversed()) {
      const undone = await this.#recordedStep(`undo ${entry.index} ${entry.change.step}`, async () => {
        await entry.revert();
        await this.#mark(entry.index, entry.failed ? 'failed' : 'undone');
        return {};
      });
      if (undone.ok) continue;
      await this.#durable.step(`undo ${entry.index}: failed`, () => this.#mark(entry.index, 'not-undone'));
      const line = entry.change.inverse ? this.#services.commandLine(entry.change.inverse) : entry.change.title;
      left.push(`${line}   # ${undone.error.message}`);
    }
    // What could not be taken back may still act, so the set-up must not look as good as before.
    const unknown = this.#workflow.result(this.#plan.facts, 'unknown');
    await this.#durable.step('close', async () => {
      await this.#services.gate.submit(this.#requestId, closing(failure, this.#journal, left, unknown));
      return true;
    });
  }

  async #complete(): Promise<boolean> {
    const proof = worst(this.#proofs);
    const facts = this.#proofs.map(({ fact }) => fact).join(' ');
    const remedies = this.#proofs.map(({ remedy }) => remedy).join(' ');
    const { message, next } = {
      proven: { message: `Done and proven. ${facts}`, next: '' },
      unknown: {
        message: `Done, but it could not be proven either way. ${facts}`,
        next: 'Test it from outside by hand; the health stays unknown until a probe succeeds.',
      },
      failed: { message: `The changes are made and stay, but they do not act as meant. ${facts}`, next: remedies },
      none: { message: 'Done: every object reads back as planned.', next: '' },
    }[proof];
    await this.#services.gate.submit(this.#requestId, {
      type: 'completed',
      outcome: { code: proof, message: message.trim(), next: next.trim(), left: [] },
      setUp: this.#workflow.result(this.#plan.facts, proof),
      proof,
    });
    return true;
  }

  async #mark(index: number, status: StepProgress['status']): Promise<boolean> {
    await this.#services.gate.submit(this.#requestId, { type: 'step', index, status });
    return true;
  }

  #recordedStep(name: string, work: () => Promise<JsonObject>): Promise<Recorded<JsonObject>> {
    return this.#durable.step(name, () => recorded(work, this.#services.onDefect));
  }
}

/** A write that was sent but never seen as planned has to be taken back whatever the object shows. */
function doubtOf(applied: Recorded<JsonObject>): Doubt | null {
  if (applied.ok || !['read-back', 'unknown-outcome'].includes(applied.error.code)) return null;
  return { seen: applied.error['seen'] ?? null };
}

function worst(proofs: readonly ProofResult[]): ProofOutcome {
  const outcomes = ['failed', 'unknown', 'proven'] as const;
  return outcomes.find((outcome) => proofs.some(({ status }) => status === outcome)) ?? 'none';
}

function stopped(name: string): StoppedError {
  return new StoppedError(`${name} asked the run to stop.`, {
    operation: 'run',
    next: 'Make a new request when ready.',
  });
}

function closing(
  failure: RunError,
  journal: readonly JournalEntry[],
  left: readonly string[],
  setUp: SetUp | null,
): EventOf<'undone' | 'undo-failed'> {
  const { code, message, next } = failure.error;
  if (left.length > 0) {
    const undone =
      'Undoing it did not work everywhere; somebody has to run the lines below in Exchange Online PowerShell.';
    return { type: 'undo-failed', outcome: { code, message: `${message} ${undone}`, next, left }, setUp };
  }
  const undone = journal.length === 0 ? 'Nothing had been changed.' : 'Everything this run had changed was taken back.';
  return { type: 'undone', outcome: { code, message: `${message} ${undone}`, next, left } };
}
