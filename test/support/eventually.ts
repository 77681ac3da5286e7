import { setTimeout as pause } from 'node:timers/promises';

/** Polls until the condition gives something other than false, null or undefined; fails after the deadline. */
export async function eventually<Result>(
  condition: () => Promise<Result | false | null | undefined> | Result | false | null | undefined,
  deadlineMs = 10_000,
): Promise<Result> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const result = await condition();
    if (result !== false && result !== null && result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`not so within ${deadlineMs} ms: ${condition.toString()}`);
    await pause(20);
  }
}
