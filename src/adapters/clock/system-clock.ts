import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';

/** Long waits are cut, because the machine's clock may be set while we wait. */
const LONGEST_PAUSE = 60_000;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  until: async (at, signal) => {
    signal?.throwIfAborted();
    for (let left = at.getTime() - Date.now(); left > 0; left = at.getTime() - Date.now()) {
      await pause(Math.min(left, LONGEST_PAUSE), undefined, signal ? { signal } : {}).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  },
};
