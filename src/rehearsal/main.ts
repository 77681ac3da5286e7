import { switchesFromJson } from './exchange/switches-from-json.ts';
import { PortTaken } from './port-taken.ts';
import { type Rehearsal, startRehearsal } from './rehearsal.ts';

/** Starts the simulated cloud as a program of its own and says so in one JSON line. */
async function main(): Promise<void> {
  const rehearsal = await startRehearsal({
    port: numberFrom('REHEARSAL_PORT', 3979),
    speed: numberFrom('REHEARSAL_SPEED', 10),
    dataDir: process.env['SWITCHYARD_DATA'] || '.switchyard',
    botEndpoint: process.env['BOT_ENDPOINT'] || `http://127.0.0.1:${numberFrom('PORT', 3978)}/api/messages`,
    switches: switchesFromJson(process.env['REHEARSAL_SWITCHES'] ?? ''),
    warn: (line) => process.stderr.write(`${line}\n`),
  });
  stopWhenTold(rehearsal);
  process.stdout.write(`${JSON.stringify({ ready: true, url: rehearsal.url })}\n`);
}

function stopWhenTold(rehearsal: Rehearsal): void {
  const stop = (): void => {
    void rehearsal.stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.env['REHEARSAL_CHILD'] === '1') {
    // The pipe from the parent closes when the parent is gone, however it died.
    process.stdin.resume();
    process.stdin.once('end', stop);
    process.stdin.once('error', stop);
  }
}

function numberFrom(variable: string, usual: number): number {
  const text = process.env[variable];
  const value = text === undefined || text === '' ? usual : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`${variable} must be a number that is not negative; it is "${text}".`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof PortTaken || error instanceof RangeError) return error.message;
  if ('syscall' in error && 'path' in error) {
    return `The rehearsal cannot keep its data: ${error.message}. Make room or give write permission there, or choose another folder with SWITCHYARD_DATA.`;
  }
  return String(error.stack);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
