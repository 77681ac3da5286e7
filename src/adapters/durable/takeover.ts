import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';
import { recoverRunsOf } from './engine-internals.ts';
import { executorLocks } from './executor-lease.ts';
import type { LiveRuns } from './live-runs.ts';

interface Owner {
  readonly id: string;
  /** Null when it has no heartbeat row: it stopped in an orderly way, or was declared dead before. */
  readonly host: string | null;
  readonly pid: number | null;
  readonly silent: boolean;
  readonly locked: boolean;
  readonly serverSettled: boolean;
}

const sweepMs = 1000;
/** An executor that never was: what is put down as its work is taken over like that of a dead process. */
const nobody = 'nobody';

/**
 * The engine does not notice that a process died, or that a living one will never go on with a run. Every process looks
 * once a second whether running work belongs to a dead one and hands it back to the queues, and gives away what is its
 * own and not in hand; whoever comes first does it, and twice does no harm.
 */
export class Takeover {
  readonly #pool: pg.Pool;
  readonly #executorId: string;
  readonly #live: LiveRuns;
  readonly #log: Logger;

  constructor(pool: pg.Pool, executorId: string, live: LiveRuns, log: Logger) {
    this.#pool = pool;
    this.#executorId = executorId;
    this.#live = live;
    this.#log = log;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        this.#log.warn({ reason: String(error) }, 'The look-out for dead processes waits for the database');
      }
      await pause(sweepMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async sweep(): Promise<void> {
    await this.#giveAwayStranded();
    const dead = (await this.#owners()).filter(isDead).map(({ id }) => id);
    if (dead.length === 0) return;
    const runs = await recoverRunsOf(dead);
    await this.#pool.query('delete from switchyard.executors where id = any($1)', [dead]);
    this.#log.info({ executors: dead, runs }, 'Took over the runs of processes that are gone');
  }

  /**
   * Runs that the engine counts as ours and nobody here carries: the answer to the claim was lost, or the engine refused
   * to go on. What was claimed a moment ago may not have begun yet, and what was given away ten times rests longer each time.
   */
  async #giveAwayStranded(): Promise<void> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `update dbos.workflow_status set executor_id = $3
       where executor_id = $1 and status = 'PENDING' and workflow_uuid <> all($2)
         and greatest(started_at_epoch_ms, updated_at)
           < extract(epoch from now() - interval '10 seconds' * least(greatest(recovery_attempts - 9, 1), 60)) * 1000
       returning workflow_uuid as id`,
      [this.#executorId, this.#live.ids, nobody],
    );
    if (rows.length > 0)
      this.#log.warn({ runs: rows.map(({ id }) => id) }, 'Runs had stopped here and are begun again');
  }

  /** Every other process that has running work, and what is known of it. */
  async #owners(): Promise<readonly Owner[]> {
    const { rows } = await this.#pool.query<Owner>(
      `select work.executor_id as id, e.host, e.pid,
         coalesce(e.beat_at < now() - interval '15 seconds', true) as silent,
         exists (
           select from pg_locks l join pg_database d on d.oid = l.database
           where l.locktype = 'advisory' and l.granted and d.datname = current_database()
             and l.classid = $2 and l.objid = e.lock_key) as locked,
         pg_postmaster_start_time() < now() - interval '5 seconds' as "serverSettled"
       from (select distinct executor_id from dbos.workflow_status where status = 'PENDING') work
       left join switchyard.executors e on e.id = work.executor_id
       where work.executor_id <> $1`,
      [this.#executorId, executorLocks],
    );
    return rows;
  }
}

/**
 * A silent process is dead, or frozen for so long that it counts as dead. A missing lock is proof of death sooner: at
 * once when the process is known to be gone from this machine; otherwise once the server has been up long enough for a
 * living process to have taken its lock again after a restart of the server.
 */
function isDead({ host, pid, silent, locked, serverSettled }: Owner): boolean {
  if (silent) return true;
  if (locked || pid === null) return false;
  return host === hostname() ? !isAlive(pid) : serverSettled;
}

function isAlive(pid: number): boolean {
  // Another executor with our own process id is an earlier start, in a container that counts from 1 again.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
