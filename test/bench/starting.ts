import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RunningProgram, startProgram } from './bot-process.ts';
import type { Figures } from './figures.ts';
import { residentMb, residentOfAllMb } from './proc.ts';

/** How long `npm start` takes once everything is installed, and how much memory what it started holds. */
export async function measureStarting(figures: Figures): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  try {
    const first = await start(folder);
    await first.stop();
    figures.set('start_to_ready_first_ms', first.readyMs);
    const again = await start(folder);
    figures.set('start_to_ready_again_ms', again.readyMs);
    if (process.platform === 'linux') {
      figures.set('rss_bot_mb', residentMb(again.pid));
      figures.set('rss_all_mb', residentOfAllMb(again.pid, folder));
    } else {
      figures.note('NOT MEASURED: rss_*: resident memory is read from /proc, which only Linux has.');
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
  figures.note('rss: resident memory right after start, idle; all = bot, database and rehearsal, shared memory once.');
}

async function start(folder: string): Promise<RunningProgram> {
  return startProgram({
    file: 'src/main.ts',
    environment: { PORT: String(await freePort()), REHEARSAL_PORT: '0', SWITCHYARD_DATA: folder },
    ready: /is ready after/u,
  });
}
