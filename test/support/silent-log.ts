import { createLogger, type Logger } from '../../src/telemetry/log.ts';

/** A log that says nothing, unless TEST_LOG names a level. */
export function silentLog(): Logger {
  return createLogger({ level: process.env['TEST_LOG'] ?? 'silent', secrets: [] });
}
