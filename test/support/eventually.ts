import { setTimeout as pause } from 'node:timers/promises';

/**
 * Looks again and again until the condition gives something other than false, null or undefined; fails after the
 * deadline. `change` resolves when it is worth another look; it is asked before each look, so that none is missed.
 */
export async function eventually<Result>(
  condition: () => Promise<Result | false | null | undefined> | Result | false | null | undefined,
  deadlineMs = 10_000,
  change: () => Promise<void> = () => pause(20),
): Promise<Result> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const changed = change();
    const result = await condition();
    if (result !== false && result !== null && result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`not so within ${deadlineMs} ms: ${condition.toString()}`);
    await changed;
  }
}
