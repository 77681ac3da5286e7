// The engine keeps these inside; a test on each upgrade guards that they still are what they were.
import type { DBOS } from '@dbos-inc/dbos-sdk';
import { currentOwnerXid } from '@dbos-inc/dbos-sdk/internal/context';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue';

/** A queue as the engine knows it. */
export type EngineQueue = Awaited<ReturnType<typeof DBOS.registerQueue>>;

/** Asked inside a run: what tells its present execution from earlier ones, in this process too. */
export function ownershipOf(runId: string): string {
  return currentOwnerXid(runId) ?? '';
}

/**
 * Hands the running work of dead executors back to the queues. Unlike the engine's public "resume" this keeps the
 * count of attempts and the queue, and a writer that was wrongly held to be dead is refused from then on.
 */
export async function recoverRunsOf(executorIds: readonly string[]): Promise<number> {
  const recovered = await DBOSExecutor.globalInstance?.recoverPendingWorkflows([...executorIds]);
  return recovered?.length ?? 0;
}

/** A lost database is tried again at least every two seconds; the engine's own limit is a minute. */
export function reconnectQuickly(): void {
  dbRetryConfig.initialBackoffSec = 0.25;
  dbRetryConfig.maxBackoffSec = 2;
}

/** Begins what can begin in a queue, now rather than when the engine next looks. Whoever else looks meanwhile may win. */
export async function lookInto(queue: EngineQueue): Promise<void> {
  const executor = DBOSExecutor.globalInstance;
  if (executor) await wfQueueRunner['pollQueue'](executor, queue);
}
