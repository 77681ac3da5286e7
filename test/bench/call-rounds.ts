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

/** How many a run cannot do without: one of reads, then each write and the read that shows it took effect. */
export function roundsNeeded(calls: readonly ExchangeCall[]): number {
  const writes = calls.flatMap(({ cmdlets }) => cmdlets).filter((name) => !name.startsWith('Get-'));
  return 1 + 2 * writes.length;
}
