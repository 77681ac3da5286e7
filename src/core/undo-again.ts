import { revertChange } from './apply.ts';
import { CarefulRun } from './careful.ts';
import { type Compensation, compensate, type JournalEntry } from './compensate.ts';
import type { DurableFunction, DurableRun } from './durable.ts';
import { asJson } from './json.ts';
import type { Plan } from './plan.ts';
import type { PlanningWorld } from './planner.ts';
import type { ProvisioningRequest } from './request.ts';
import { closing } from './run-endings.ts';
import type { RunServices } from './run-services.ts';
import { requestIdOf, undoCall } from './transitions/run-call.ts';
import type { Workflow } from './workflow.ts';

/** What a try to undo begins with. Kept in its first stored step, so that a replay sees exactly the same. */
interface Remainder {
  readonly tenant: ProvisioningRequest['tenant'];
  readonly plan: Plan;
  /** Indexes of the steps that are not taken back yet. */
  readonly steps: readonly number[];
  /** Why the run was taken back in the first place. */
  readonly code: string;
  /** Id of a request that has changed the same objects since; null when there is none. */
  readonly changedBy: string | null;
}

/**
 * The durable function that takes back, once more, what a run of one workflow could not: the undoing interpreter on its
 * own. An operator asks for it after the cause is gone. Safe to repeat: what a person took back by hand meanwhile is
 * seen and left alone, what somebody else has changed since is not touched, and nothing is touched at all when a later
 * request has changed the same objects, because its result would be undone with ours.
 */
export function undoFunction<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
): DurableFunction {
  return {
    name: `undo-${workflow.id}`,
    run: async (durable, input) => {
      const requestId = requestIdOf(input);
      const begun = await durable.step('start', async () => {
        const remainder = await remainderOf(services, durable.id, requestId);
        return remainder && asJson(remainder);
      });
      if (begun) await undoAgain(workflow, services, durable, requestId, begun as unknown as Remainder);
    },
  };
}

async function undoAgain<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  durable: DurableRun,
  requestId: string,
  remainder: Remainder,
): Promise<void> {
  const { plan, steps, code, changedBy } = remainder;
  const compensation: Compensation = {
    durable,
    careful: new CarefulRun(services, durable, requestId),
    commandLine: (call) => services.commandLine(call),
    mark: async (index, status) => {
      await services.gate.submit(requestId, { type: 'step', index, status });
      return true;
    },
  };
  const journal = await journalOf(workflow, services, durable, remainder);
  const left = changedBy === null ? await compensate(compensation, journal) : journal.toReversed().map(byHand);
  const message =
    changedBy === null
      ? 'The undo was tried again.'
      : `${changedBy} has changed the same objects since, so nothing was taken back: that would undo its work too.`;
  await durable.step('close', async () => {
    const setUp = workflow.result(plan.facts, 'unknown');
    const error = { code, message, next: changedBy === null ? '' : 'Decide by hand which of the lines still apply.' };
    const event = await closing({ error, steps: steps.length, left, setUp, setUps: services.setUps });
    await services.gate.submit(requestId, event);
    return true;
  });

  function byHand({ change }: JournalEntry): string {
    return change.inverse ? services.commandLine(change.inverse) : change.title;
  }
}

async function remainderOf(
  { store }: Pick<RunServices<never>, 'store'>,
  runId: string,
  requestId: string,
): Promise<Remainder | null> {
  const request = await store.get(requestId);
  // A try of earlier that wakes up late has no business here.
  if (!request?.plan || request.state !== 'undoing' || undoCall(request).id !== runId) return null;
  const { tenant, plan } = request;
  const steps = request.steps.flatMap(({ status }, index) => (status === 'not-undone' ? [index] : []));
  const touched = new Set(steps.map((index) => objectOf(plan, index)));
  const later = (await store.list({ tenantId: tenant.id, states: ['done'] })).find(
    (other) =>
      other.updatedAt > plan.madeAt &&
      other.plan?.changes.some(({ action }, index) => action !== 'no-op' && touched.has(objectOf(other.plan, index))),
  );
  return { tenant, plan, steps, code: request.outcome?.code ?? 'undo-failed', changedBy: later?.id ?? null };
}

function objectOf(plan: Plan | null, index: number): string {
  const object = plan?.changes[index]?.object;
  return `${object?.kind} ${object?.identity}`;
}

/** The workflow is walked through once more without doing anything, to learn which step each change belongs to. */
async function journalOf<World extends PlanningWorld>(
  workflow: Workflow<World>,
  services: RunServices<World>,
  durable: DurableRun,
  { tenant, plan, steps }: Remainder,
): Promise<JournalEntry[]> {
  const { fresh } = services.worldsOf(tenant, durable.stillOurs);
  const journal: JournalEntry[] = [];
  let next = 0;
  const nothing = (): Promise<void> => Promise.resolve();
  await workflow.run(
    {
      run: async (step, args) => {
        const index = next++;
        const change = plan.changes[index];
        if (!change || !steps.includes(index)) return;
        journal.push({ index, change, failed: false, revert: () => revertChange(step, args, change, fresh) });
      },
      require: nothing,
      prove: nothing,
    },
    plan.facts,
  );
  return journal;
}
