import type pg from 'pg';
import { createDurable, type Durable } from '../../src/adapters/durable/create-durable.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { DurableCall, DurableRun } from '../../src/core/durable.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { silentLog } from '../support/silent-log.ts';

export type Run = (run: DurableRun, input: JsonObject) => Promise<void>;

/** An engine that knows these functions; it is not launched yet. */
export function engineWith(
  on: { readonly url: string; readonly pool: pg.Pool; readonly clock: Clock },
  functions: Readonly<Record<string, Run>>,
): Durable {
  const list = Object.entries(functions).map(([name, run]) => ({ name, run }));
  return createDurable({ ...on, log: silentLog(), functions: list });
}

export function call(id: string, partition: string | null = null, name = 'f@1'): DurableCall {
  return { function: name, id, input: { id }, partition };
}
