import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, type RunningProgram, startProgram } from './bot-process.ts';
import type { Figures } from './figures.ts';
import { processorMs, residentMb, residentOfAllMb } from './proc.ts';

/** How long `npm start` takes once everything is installed, and how much memory what it started holds. */
export async function measureStarting(figures: Figures, isShort: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  try {
    const first = await start(folder);
    await first.stop();
    figures.set('start_to_ready_first_ms', first.readyMs);
    const again = await start(folder);
    figures.set('start_to_ready_again_ms', again.readyMs);
    if (process.platform === 'linux') {
      figures.set('start_bot_cpu_ms', processorMs(again.pid));
      figures.set('rss_bot_mb', residentMb(again.pid));
      figures.set('rss_all_mb', residentOfAllMb(again.pid, folder));
      if (!isShort) figures.set('idle_bot_cpu_percent', await idlePercent(again.pid));
    } else {
      figures.note('NOT MEASURED: rss and cpu, which are read from /proc, and only Linux has that.');
    }
    const began = performance.now();
    await again.stop();
    figures.set('stop_ms', performance.now() - began);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  figures.note(
    'start_to_ready: from the start of src/main.ts to its ready line, with the rehearsal and the embedded database; first = empty data folder, again = the same folder once more.',
  );
  figures.note(
    'rss: resident memory right after start, idle; all = bot, database and rehearsal, shared memory once. start_bot_cpu: processor time of the bot process alone up to its ready line, on the second start.',
  );
}

/** Share of one core that the bot takes while nobody wants anything. */
async function idlePercent(pid: number): Promise<number> {
  await wait(2000);
  const before = processorMs(pid);
  await wait(4000);
  return ((processorMs(pid) - before) / 4000) * 100;
}

async function start(folder: string): Promise<RunningProgram> {
  return startProgram({
    file: new URL('../../src/main.ts', import.meta.url),
    environment: { PORT: String(await freePort()), REHEARSAL_PORT: '0', SWITCHYARD_DATA: folder },
    ready: /is ready after/u,
  });
}
