import { setTimeout as pause } from 'node:timers/promises';

/** What was waited for did not come in time. */
export class StuckError extends Error {
  override readonly name = 'StuckError';
}

/** A frozen process keeps what it has in hand for two minutes. */
export const patienceMs = 200_000;
const lookEveryMs = 60;

/** Polls until the condition holds. Whatever it throws meanwhile, such as a database that is away, is waited out. */
export async function until<Result>(
  what: string,
  condition: () => Promise<Result | undefined | null | false>,
  withinMs = patienceMs,
): Promise<Result> {
  const deadline = Date.now() + withinMs;
  let trouble = '';
  for (;;) {
    try {
      const result = await condition();
      if (result) return result;
    } catch (error) {
      trouble = ` Last trouble: ${String(error)}`;
    }
    if (Date.now() > deadline) throw new StuckError(`Waited ${withinMs / 1000} s for ${what}.${trouble}`);
    await pause(lookEveryMs);
  }
}
