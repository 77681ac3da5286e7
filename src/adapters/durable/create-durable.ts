import { randomUUID } from 'node:crypto';
import { DBOS, Error as EngineErrors } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import type { DurableCall, DurableEngine, DurableFunction } from '../../core/durable.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Logger } from '../../telemetry/log.ts';
import { Brake } from './brake.ts';
import { type EngineQueue, lookInto, reconnectQuickly } from './engine-internals.ts';
import { engineLog } from './engine-log.ts';
import { createEnginePool } from './engine-pool.ts';
import { EngineRun, type EngineRunParts } from './engine-run.ts';
import { ExecutorLease } from './executor-lease.ts';
import type { Letter } from './letter.ts';
import { LiveRuns } from './live-runs.ts';
import { MissingFunctionError, refuseUnknownFunctions } from './refuse-unknown-functions.ts';
import { Takeover } from './takeover.ts';
import { Timers } from './timers.ts';

/** What the engine is made of. */
export interface DurableOptions {
  /** The database, with our tables in it; the engine adds its own schema. */
  readonly url: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly functions: readonly DurableFunction[];
}

/** The engine with its switch. One per process. */
export interface Durable extends DurableEngine {
  launch(): Promise<void>;
  /** Holds all runs where they are; whoever starts next goes on with them. */
  stop(): Promise<void>;
}

const tenantQueue = 'tenant';
// The engine would derive a version from the source text and then leave older runs lying for ever. Ours never changes:
// the version is part of each function's name.
const applicationVersion = 'switchyard';
// Each restart counts as an attempt, also for a run that only waits; past the limit the engine gives a run up.
const maxRecoveryAttempts = 1_000_000;
const graceMs = 5000;
// A run begins when it is asked for; only one that has to wait for another, or for a dead process, is found by looking.
const queuePollMs = 500;

/** Registers the functions with the engine, which is DBOS Transact on PostgreSQL. */
export function createDurable(options: DurableOptions): Durable {
  const { url, pool, clock, log, functions } = options;
  const brake = new Brake();
  const timers = new Timers(pool, clock, log);
  const lease = new ExecutorLease(`${process.pid}-${randomUUID()}`, url, pool, log);
  const live = new LiveRuns();
  const parts = { timers, brake, live, lease, log };
  const registered = new Map(functions.map((each) => [each.name, register(each, parts)]));
  const takeover = new Takeover(pool, lease.id, live, log);
  const enginePool = createEnginePool(url, log);
  const ended = new AbortController();
  let loops: Promise<unknown> = Promise.resolve();
  let queue: EngineQueue | null = null;

  return {
    async start(call) {
      await start(registered, call);
      if (queue) await lookInto(queue);
    },
    send,

    async launch() {
      await refuseUnknownFunctions(pool, [...registered.keys()]);
      await lease.take();
      reconnectQuickly();
      DBOS.setConfig({
        name: 'switchyard',
        systemDatabaseUrl: url,
        systemDatabasePool: enginePool,
        applicationVersion,
        executorID: lease.id,
        logger: engineLog(log),
      });
      await DBOS.launch();
      queue = await DBOS.registerQueue(tenantQueue, {
        partitionConcurrency: 1,
        minPollingIntervalMs: queuePollMs,
        onConflict: 'always_update',
      });
      await takeover.sweep();
      loops = Promise.all([timers.run(ended.signal), takeover.run(ended.signal)]);
    },

    async stop() {
      ended.abort();
      await loops;
      await brake.pull(graceMs);
      await DBOS.shutdown({ deregister: true });
      await enginePool.end();
      await lease.release();
    },
  };
}

type RegisteredFunction = (input: JsonObject) => Promise<void>;

function register(durable: DurableFunction, parts: EngineRunParts): RegisteredFunction {
  const workflow = (input: JsonObject) => new EngineRun(DBOS.workflowID ?? '', parts).carryOut(durable, input);
  return DBOS.registerWorkflow(workflow, { name: durable.name, maxRecoveryAttempts });
}

async function start(registered: ReadonlyMap<string, RegisteredFunction>, call: DurableCall): Promise<void> {
  const workflow = registered.get(call.function);
  if (workflow === undefined) {
    throw new MissingFunctionError(`There is no durable function ${call.function}.`, {
      operation: 'start a run',
      next: 'Register the function when the engine is created.',
    });
  }
  const queue =
    call.partition === null ? {} : { queueName: tenantQueue, enqueueOptions: { queuePartitionKey: call.partition } };
  await DBOS.startWorkflow(workflow, { workflowID: call.id, ...queue })(call.input);
}

async function send(runId: string, topic: string, message: Json, key: string): Promise<void> {
  try {
    await DBOS.send<Letter>(runId, { kind: 'message', message }, topic, `message:${topic}:${key}`);
  } catch (error) {
    if (!(error instanceof EngineErrors.DBOSNonExistentWorkflowError)) throw error;
  }
}
