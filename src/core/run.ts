import { applyChange, retried, revertChange } from './apply.ts';
import { type Approved, beginRun } from './begin-run.ts';
import { type Care, CarefulRun, stopError } from './careful.ts';
import { type Change, effectOf, isWrite, type ObjectRef } from './change.ts';
import type { Finding } from './check.ts';
import { compensate, type JournalEntry } from './compensate.ts';
import type { DurableFunction, DurableRun } from './durable.ts';
import { DriftError, describeError } from './errors.ts';
import { allHold, type Guard, insistOn } from './guard.ts';
import { asJson, sameJson } from './json.ts';
import type { Plan } from './plan.ts';
import type { PlanningWorld } from './planner.ts';
import { awaitProof, type ProofResult } from './proof.ts';
import { type RecordedError, RunError, recorded, unwrap } from './recorded.ts';
import { hasBegun, type ProvisioningRequest, type StepProgress } from './request.ts';
import type { Transition } from './request-event.ts';
import { closing, completedOutcome, doubtOf, worst } from './run-endings.ts';
import type { RunServices, RunWorlds } from './run-services.ts';
import { previewOf, type Step } from './step.ts';
import { StoreUnavailableError } from './store.ts';
import { requestIdOf } from './transitions/run-call.ts';
import type { Proof, Workflow, WorkflowContext } from './workflow.ts';

/** The durable function that carries out approved requests of one workflow: the executing interpreter. */
export function runFunction<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
): DurableFunction {
  return {
    name: workflow.id,
    run: async (durable, input) => {
      const requestId = requestIdOf(input);
      let isOurBeginning = false;
      const begun = await durable.step('start', async () => {
        isOurBeginning = true;
        const approved = await beginRun(workflow, services, durable.id, input);
        return approved && { tenant: { ...approved.tenant }, plan: asJson(approved.plan) };
      });
      if (!begun) return;
      const trusted = isOurBeginning ? services : withoutRecent(services);
      await new Run(workflow, trusted, durable, requestId, begun as unknown as Approved).execute();
    },
  };
}

/** A run that somebody else began may have written since this process read the tenant: nothing of that counts. */
function withoutRecent<World>(services: RunServices<World>): RunServices<World> {
  return {
    ...services,
    worldsOf: (tenant, stillOurs) => {
      const worlds = services.worldsOf(tenant, stillOurs);
      return { ...worlds, recent: worlds.fresh };
    },
  };
}

/** A change that is about to be made. */
interface Intent<Args, World> {
  readonly step: Step<Args, World>;
  readonly args: Args;
  readonly planned: Change;
  readonly index: number;
}

/** One execution of one approved plan. Replayed from the start after a crash; stored results stand in for work done. */
class Run<World extends PlanningWorld> {
  readonly #workflow: Workflow<World>;
  readonly #services: RunServices<World>;
  readonly #durable: DurableRun;
  readonly #requestId: string;
  readonly #plan: Plan;
  readonly #worlds: RunWorlds<World>;
  readonly #careful: CarefulRun;
  readonly #journal: JournalEntry[] = [];
  /** Facts to insist on before the next write or proof; asked together then, because nothing happens in between. */
  #toInsistOn: Guard[] = [];
  /** Facts that were insisted on since the last write: they have to hold again after a standstill. */
  #insisted: Guard[] = [];
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
    this.#worlds = services.worldsOf(tenant, durable.stillOurs);
    this.#careful = new CarefulRun(services, durable, requestId);
  }

  async execute(): Promise<void> {
    try {
      await this.#workflow.run(this.#context(), this.#plan.facts);
      await this.#insist();
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
      require: (check, args) => {
        const index = this.#guards++;
        const planned = this.#plan.guards[index]?.finding;
        const ask = async () => insistOn(await check.run(this.#reads, args), planned);
        const holds = () => retried(this.#services, ask);
        this.#toInsistOn.push({ name: `guard ${index}: ${check.name}`, holds });
        return Promise.resolve();
      },
      prove: async (proof, args) => {
        await this.#insist();
        const index = this.#proofs.length;
        const result = await awaitProof({
          durable: this.#durable,
          clock: this.#services.clock,
          index,
          proof,
          look: (attempt) => this.#look(proof, attempt, args),
          report: async (progress) => {
            await this.#services.gate.submit(this.#requestId, { type: 'proof', index, proof: progress });
          },
          request: () => this.#services.store.get(this.#requestId),
          announce: async (at, fact) => {
            const overdue = { type: 'overdue', index, title: proof.title, fact, at: at.toISOString() } as const;
            await this.#services.gate.submit(this.#requestId, overdue);
          },
          takeBack: async () => {
            const begun = await this.#services.gate.submit(this.#requestId, { type: 'take-back' });
            return begun.kind === 'moved' || begun.code === 'already';
          },
          heed: (name) => this.#careful.heed(name),
        });
        this.#proofs.push(result);
      },
    };
  }

  /** A look that fails says nothing about the tenant, so it is an unclear answer and not the end of the run. */
  async #look<Args>({ check, timing }: Proof<Args, World>, attempt: number, args: Args): Promise<Finding> {
    // What needs no time to settle may be proven by the very read that came after the last write.
    const world = attempt === 1 && timing.settleSeconds === 0 ? this.#worlds.recent : this.#worlds.fresh;
    const seen = await recorded(() => check.run(world, args), this.#services.onDefect);
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
      await this.#durable.step(`${index} ${step.name}: already`, async () => {
        await this.#mark(index, 'already');
        return true;
      });
      return;
    }
    const carryOut = async (request: ProvisioningRequest | null, begins: () => void) => {
      const intended = await this.#intend(request, { step, args, planned, index });
      begins();
      await applyChange(step, args, planned, this.#worlds.readingBack(this.#nextObject()), this.#reads);
      await this.#mark(index, 'done', intended);
      return {};
    };
    const isBegun = (request: ProvisioningRequest | null) => hasBegun(request, index);
    const done = await this.#careful.work(`${index} ${step.name}`, carryOut, { ...this.#forward, isBegun });
    this.#toInsistOn = [];
    this.#insisted = [];
    const revert = () => revertChange(step, args, planned, this.#worlds.fresh, doubtOf(done));
    if (done.begun) this.#journal.push({ index, change: planned, failed: !done.ok, revert });
    unwrap(done);
  }

  /**
   * Recorded before the write, so that a crash after the write cannot be mistaken for somebody else's change: what is on
   * record already is not asked for again. Gives the request as it then is.
   */
  async #intend<Args>(
    request: ProvisioningRequest | null,
    { step, args, planned, index }: Intent<Args, World>,
  ): Promise<ProvisioningRequest | null> {
    if (hasBegun(request, index)) return request;
    if (request?.stopRequestedBy) throw stopError(`${request.stopRequestedBy.name} asked the run to stop.`);
    await allHold(this.#toInsistOn);
    const current = await retried(this.#services, () => step.read(this.#reads, args));
    if (!sameJson(effectOf(previewOf(step, this.#reads, args, current)), effectOf(planned))) {
      throw new DriftError(
        `${planned.object.kind} ${planned.object.identity} was changed by somebody else during the run.`,
        {
          operation: step.name,
          next: 'Look at the object in the admin centre, then make a new request.',
        },
      );
    }
    const marked = await this.#mark(index, 'running', request);
    if (marked.kind === 'moved') return marked.request;
    // Nothing is written whose intent is not on record.
    if (marked.code !== 'already') throw stopError(marked.reason);
    return request;
  }

  /** For guards that no write comes after. */
  async #insist(): Promise<void> {
    const [first] = this.#toInsistOn;
    if (first === undefined) return;
    unwrap(await this.#careful.work(first.name, () => allHold(this.#toInsistOn), this.#forward));
    this.#insisted.push(...this.#toInsistOn);
    this.#toInsistOn = [];
  }

  async #compensate({ error }: RunError): Promise<void> {
    const services = this.#services;
    const left = await compensate(
      {
        durable: this.#durable,
        careful: this.#careful,
        commandLine: (call) => services.commandLine(call),
        mark: async (index, status) => {
          await this.#mark(index, status);
          return true;
        },
      },
      this.#journal,
    );
    await this.#durable.step('close', async () => {
      const setUp = this.#workflow.result(this.#plan.facts, 'unknown');
      const ending = { error, steps: this.#journal.length, left, setUp, setUps: services.setUps };
      await services.gate.submit(this.#requestId, await closing(ending));
      return true;
    });
  }

  async #complete(): Promise<boolean> {
    const proof = worst(this.#proofs);
    await this.#services.gate.submit(this.#requestId, {
      type: 'completed',
      outcome: completedOutcome(proof, this.#proofs),
      setUp: this.#workflow.result(this.#plan.facts, proof),
      proof,
    });
    return true;
  }

  /** What the next write is about; `#next` is already past the step in hand. */
  #nextObject(): ObjectRef | null {
    return this.#plan.changes.slice(this.#next).find(isWrite)?.object ?? null;
  }

  #mark(index: number, status: StepProgress['status'], seen?: ProvisioningRequest | null): Promise<Transition> {
    return this.#services.gate.submit(this.#requestId, { type: 'step', index, status }, seen ?? undefined);
  }

  /** After a standstill nothing counts that was read before it. */
  get #reads(): World {
    return this.#careful.pauses > 0 ? this.#worlds.fresh : this.#worlds.recent;
  }

  /** On the way to the planned state. A write of unknown outcome may itself have changed what was insisted on. */
  get #forward(): Care {
    const afterwards: Care['afterwards'] = async ({ met, begun }) =>
      met.includes('unknown-outcome') ? null : this.#insistAgain(begun);
    return { waits: true, stops: true, afterwards };
  }

  /** What a write insisted on before it began has held once; one that has not begun insists on it by itself. */
  async #insistAgain(begun: boolean): Promise<RecordedError | null> {
    const guards = begun ? [...this.#insisted, ...this.#toInsistOn] : this.#insisted;
    const [first] = guards;
    if (first === undefined) return null;
    const name = `${first.name}, after pause ${this.#careful.pauses}`;
    const held = await this.#careful.work(name, () => allHold(guards), { waits: true, stops: true });
    return held.ok ? null : held.error;
  }
}
