import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { connectRehearsalClock } from './adapters/clock/rehearsal-clock.ts';
import { trustExtraCa } from './adapters/http/trust-extra-ca.ts';
import { rehearsalEnvironment, startRehearsalProcess } from './adapters/rehearsal/rehearsal-process.ts';
import { readConfig, readStart, readTenantsOf } from './config/config.ts';
import { type Environment, readEnvironment } from './config/env.ts';
import { OpsError } from './core/errors.ts';
import { captureConsole } from './telemetry/capture-console.ts';
import { createLogger } from './telemetry/log.ts';

const began = performance.now();

/** Starts Switchyard and serves until a signal; everything started is stopped in reverse order. */
async function main(): Promise<void> {
  const stopping = untilStopped();
  const own = readEnvironment();
  const start = readStart(own);
  // Loading the program takes longer than anything else, so it goes on while the simulated cloud starts.
  enableCompileCache(join(start.dataFolder, 'compile-cache'));
  const program = import('./app.ts');
  await using running = new AsyncDisposableStack();
  const rehearsalUrl = start.mode === 'rehearsal' ? await rehearsalOf(start, running) : null;
  const environment =
    rehearsalUrl === null ? own : { ...own, ...(await rehearsalEnvironment(rehearsalUrl)), ...chosenIn(own) };
  const { config, secrets } = readConfig(environment, start.mode);
  if (config.extraCaFile) await trustExtraCa(config.extraCaFile);
  const clock = rehearsalUrl === null ? null : running.use(await connectRehearsalClock(rehearsalUrl));
  const log = createLogger({ level: config.log.level, secrets: Object.values(secrets).filter((one) => one !== null) });
  running.defer(captureConsole(log));
  const listTenants = async (): Promise<typeof config.tenants> =>
    rehearsalUrl === null ? config.tenants : readTenantsOf(await rehearsalEnvironment(rehearsalUrl));
  const { createApp } = await program;
  const app = await createApp({ config, secrets, clock, log, listTenants });
  running.defer(() => app.close());
  say(rehearsalUrl, app.port);
  await stopping;
}

/** What the rehearsal has a value for and leaves to whoever starts it. */
function chosenIn({ HIGH_RISK_APPROVAL: proof }: Environment): Environment {
  return proof ? { HIGH_RISK_APPROVAL: proof } : {};
}

async function rehearsalOf(start: ReturnType<typeof readStart>, running: AsyncDisposableStack): Promise<string> {
  if (start.rehearsal.url !== null) return start.rehearsal.url;
  const rehearsal = await startRehearsalProcess({
    REHEARSAL_PORT: String(start.rehearsal.port),
    REHEARSAL_SPEED: String(start.rehearsal.speed),
    SWITCHYARD_DATA: start.dataFolder,
    PORT: String(start.http.port),
    NODE_COMPILE_CACHE: join(start.dataFolder, 'compile-cache'),
  });
  running.defer(() => rehearsal.stop());
  return rehearsal.url;
}

function say(rehearsalUrl: string | null, port: number): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const lines =
    rehearsalUrl === null
      ? [`Switchyard is ready after ${seconds} s on port ${port}.`]
      : [
          `Switchyard is ready after ${seconds} s, in REHEARSAL against a simulated Microsoft cloud.`,
          '',
          `  Open ${rehearsalUrl}`,
          '',
          '  As Rita in the channel mail-ops, type:  set up gateway exchangedefender for contoso.com',
          '  Then act as Ada and approve the plan.   help shows what else there is.  Ctrl-C stops everything.',
        ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Real milliseconds in which a second signal is the same wish: it may come from the terminal and from npm. */
const sameWish = 1000;

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A later SIGINT or SIGTERM ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let stopped = Number.POSITIVE_INFINITY;
    const stop = (code: number) => (): void => {
      if (performance.now() - stopped > sameWish) process.exit(code);
      stopped = Math.min(stopped, performance.now());
      resolve();
    };
    process.on('SIGINT', stop(130));
    process.on('SIGTERM', stop(143));
    // The terminal was closed. Whoever is in doubt says it twice, so a repeat forces nothing.
    process.on('SIGHUP', () => resolve());
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof OpsError) return `${error.message}\n${error.next}`.trim();
  return error instanceof Error ? error.message : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
