import { Socket } from 'node:net';
import pg from 'pg';
import type { Logger } from '../../telemetry/log.ts';

/** The engine's connections. */
export function createEnginePool(url: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    connectionTimeoutMillis: 10_000,
    // The engine's transactions take milliseconds; a frozen process must not keep others from taking over its runs.
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'switchyard engine',
    stream: () => new RetriableSocket(),
  });
  pool.on('error', (error) => log.warn({ reason: error.message }, 'The engine lost a database connection'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * A stopped server takes its unix socket away, which gives ENOENT or EPIPE. The engine tries again after a refused
 * connection but takes these two for final, so they are told to it as what they are: a refused connection.
 */
class RetriableSocket extends Socket {
  override emit(event: string | symbol, ...args: readonly unknown[]): boolean {
    const [error] = args;
    if (
      event === 'error' &&
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'EPIPE'].includes(String(error.code))
    ) {
      error.code = 'ECONNREFUSED';
    }
    return super.emit(event, ...args);
  }
}
