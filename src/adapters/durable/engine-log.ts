import type { DLogger } from '@dbos-inc/dbos-sdk';
import type { Logger } from '../../telemetry/log.ts';

/** The engine's talk goes to our log; its "info" is our "debug". */
export function engineLog(log: Logger): DLogger {
  return {
    debug: (entry) => log.trace({ entry: String(entry) }, 'Engine'),
    info: (entry) => log.debug({ entry: String(entry) }, 'Engine'),
    warn: (entry) => log.warn({ entry: String(entry) }, 'Engine warns'),
    error: (entry, detail) => log.error({ entry: String(entry), stack: detail?.stack }, 'Engine reports an error'),
  };
}
