import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { createScrubber } from './scrub.ts';

export type { Logger };

export interface LogOptions {
  readonly level: string;
  /** Values that must never appear, whatever they look like. */
  readonly secrets: readonly string[];
  /** Where the lines go; standard error when left out. */
  readonly sink?: DestinationStream;
}

/** JSON lines, scrubbed after serialising: redaction by path does not reach secrets inside messages and errors. */
export function createLogger({ level, secrets, sink }: LogOptions): Logger {
  const scrub = createScrubber(secrets);
  const out = sink ?? destination({ dest: 2, sync: false, maxLength: 8 * 1024 * 1024 });
  return pino({ level, base: null, timestamp: isoTime }, { write: (line) => out.write(scrub(line)) });
}

function isoTime(): string {
  return `,"time":"${new Date().toISOString()}"`;
}
