import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';

/** How old an answer may be: as usual, or no older than the question. */
export type Freshness = 'usual' | 'now';

/** What was read, with a stamp that is another one whenever something else was read. */
export interface Reading<Value> {
  readonly value: Value;
  readonly readAt: Date;
  readonly version: string;
}

export interface RememberedOptions<Value> {
  readonly read: (key: string) => Promise<Value>;
  readonly clock: Clock;
  /** Seconds for which an answer is good. */
  readonly keepSeconds: number;
  /** Told about every reading that was made. */
  readonly onRead?: (key: string, reading: Reading<Value>) => void;
}

interface Reads<Value> {
  reading: Reading<Value> | null;
  asking: Promise<Reading<Value>> | null;
}

/** Remembers answers for a while. One question about the same thing is under way at most; a failure is not kept. */
export function remembered<Value>(options: RememberedOptions<Value>) {
  const known = new Map<string, Reads<Value>>();
  const { clock, keepSeconds } = options;

  const ask = (key: string, reads: Reads<Value>): Promise<Reading<Value>> => {
    const readAt = clock.now();
    reads.asking = options
      .read(key)
      .then((value) => {
        const reading = { value, readAt, version: versionOf(value) };
        reads.reading = reading;
        options.onRead?.(key, reading);
        return reading;
      })
      .finally(() => {
        reads.asking = null;
      });
    return reads.asking;
  };

  return async (key: string, freshness: Freshness = 'usual'): Promise<Reading<Value>> => {
    const reads = known.get(key) ?? { reading: null, asking: null };
    known.set(key, reads);
    if (freshness === 'now') {
      // One that began before the question may tell what was true before it.
      await reads.asking?.catch(() => undefined);
      return reads.asking ?? ask(key, reads);
    }
    const age = reads.reading ? (clock.now().getTime() - reads.reading.readAt.getTime()) / 1000 : Infinity;
    if (reads.reading && age >= 0 && age < keepSeconds) {
      // Asked anew in good time, so that nobody who clicks has to wait for it.
      if (age > keepSeconds / 2 && !reads.asking) void ask(key, reads).catch(() => undefined);
      return reads.reading;
    }
    return reads.asking ?? ask(key, reads);
  };
}

function versionOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex')
    .slice(0, 12);
}
