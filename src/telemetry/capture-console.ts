import type { Logger } from './log.ts';

const LINES_PER_SECOND = 10;

/**
 * Libraries write to the console, also once per bad request. Their lines go to the log, a few per second,
 * so that nobody can fill the disk from outside. Returns the way to stop.
 */
export function captureConsole(log: Logger): () => void {
  const original = { ...globalThis.console };
  let second = 0;
  let lines = 0;
  let dropped = 0;
  const write =
    (level: 'debug' | 'warn') =>
    (...values: readonly unknown[]): void => {
      const now = Math.floor(performance.now() / 1000);
      if (now !== second) {
        if (dropped > 0) log.warn({ event: 'console-dropped', dropped }, 'console lines were dropped');
        [second, lines, dropped] = [now, 0, 0];
      }
      lines += 1;
      if (lines > LINES_PER_SECOND) dropped += 1;
      else log[level]({ event: 'console', text: values.map(textOf).join(' ').slice(0, 2000) }, 'console output');
    };
  const replacement = { log: write('debug'), info: write('debug'), debug: write('debug') };
  Object.assign(globalThis.console, replacement, { warn: write('warn'), error: write('warn') });
  return () => {
    Object.assign(globalThis.console, original);
  };
}

function textOf(value: unknown): string {
  return value instanceof Error ? `${value.name}: ${value.message}` : String(value);
}
