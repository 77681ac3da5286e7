import { setTimeout as pause } from 'node:timers/promises';

/** Waits in real time: for delays on the wire, which do not run on the virtual clock. */
export async function realPause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds);
}
