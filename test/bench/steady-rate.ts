import { setTimeout as wait } from 'node:timers/promises';

/** Calls `send` so many times per second, whether or not the earlier ones have been answered, and waits for all. */
export async function atSteadyRate<Result>(
  load: { readonly perSecond: number; readonly seconds: number },
  send: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const count = Math.max(1, Math.round(load.perSecond * load.seconds));
  const began = performance.now();
  const results: Promise<Result>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1000) / load.perSecond;
    const left = due - performance.now();
    if (left > 0) await wait(left);
    const result = send(index);
    // Looked at in the end; until then it must not count as forgotten.
    result.catch(() => undefined);
    results.push(result);
  }
  return Promise.all(results);
}
