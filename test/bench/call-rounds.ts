import type { ExchangeCall } from './exchange-tap.ts';

/** How many calls one after the other it really took: the longest chain of calls of which none overlaps the next. */
export function sequentialRounds(calls: readonly ExchangeCall[]): number {
  let rounds = 0;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of calls.toSorted((a, b) => a.endedAt - b.endedAt)) {
    if (startedAt < busyUntil) continue;
    rounds += 1;
    busyUntil = endedAt;
  }
  return rounds;
}

/**
 * How many it had to take: every write waits for what stands before it, and reads between two writes do not depend on
 * each other, so that they are one round.
 */
export function dependentRounds(calls: readonly ExchangeCall[]): number {
  let rounds = 0;
  let reading = false;
  for (const { cmdlets } of calls.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const reads = cmdlets.every((name) => name.startsWith('Get-'));
    if (!(reads && reading)) rounds += 1;
    reading = reads;
  }
  return rounds;
}
