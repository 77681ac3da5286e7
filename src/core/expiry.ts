import { type Clock, plusSeconds } from './clock.ts';
import type { Gate } from './gate.ts';
import type { RequestStore } from './store.ts';

/** Product seconds between two looks. One loop serves all requests: waiting for a decision costs a row, no timer. */
const lookEverySeconds = 15;

/** Closes requests nobody decided in time, until the signal aborts. `onError` is told when a look failed. */
export async function expireOverdue(
  services: { readonly store: RequestStore; readonly gate: Gate; readonly clock: Clock },
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const { store, gate, clock } = services;
  while (!signal.aborted) {
    try {
      const due = await store.list({
        states: ['awaiting-approval'],
        decideBefore: clock.now().toISOString(),
        limit: 100,
      });
      const expired = await Promise.allSettled(due.map(({ id }) => gate.submit(id, { type: 'expire' })));
      for (const one of expired) if (one.status === 'rejected') onError(one.reason);
      await clock.until(plusSeconds(clock.now(), lookEverySeconds), signal);
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await clock.until(plusSeconds(clock.now(), lookEverySeconds), signal).catch(() => undefined);
    }
  }
}
