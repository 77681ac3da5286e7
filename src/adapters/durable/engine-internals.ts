// The engine keeps these two inside; a test on each upgrade guards that they still are what they were.
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';

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
