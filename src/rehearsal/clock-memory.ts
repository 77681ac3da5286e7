import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VirtualClock } from './clock.ts';

const SAVE_EVERY_MS = 2000;

/**
 * A clock that goes on where an earlier rehearsal in this folder stopped. Virtual time runs ahead of real time, and
 * whatever the bot wrote down then must not lie in the future now. While it runs, the file says where it will be some
 * savings later, so that time does not run back either when the process is killed.
 */
export async function rememberClock(
  file: string,
  speed: number,
): Promise<{ clock: VirtualClock; stop(): Promise<void> }> {
  const clock = new VirtualClock(speed, Math.max(Date.now(), await lastTime(file)));
  let saving = Promise.resolve();
  const save = (aheadMs = 2 * SAVE_EVERY_MS): void => {
    saving = saving.then(() => write(file, clock.now() + aheadMs * clock.speed)).catch(() => {});
  };
  const timer = setInterval(() => save(), SAVE_EVERY_MS);
  const forget = clock.onChange(() => save());
  save();
  return {
    clock,
    stop: async () => {
      clearInterval(timer);
      forget();
      save(0);
      await saving;
    },
  };
}

async function lastTime(file: string): Promise<number> {
  try {
    const { virtual }: { virtual?: unknown } = JSON.parse(await readFile(file, 'utf8'));
    return typeof virtual === 'number' ? virtual : 0;
  } catch {
    return 0;
  }
}

async function write(file: string, virtual: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify({ virtual }));
  await rename(`${file}.new`, file);
}
