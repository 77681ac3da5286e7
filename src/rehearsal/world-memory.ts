import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import type { ChangeSignal } from './change-signal.ts';
import { homeOf } from './home/home-directory.ts';
import { resetWorld } from './reset-world.ts';
import { teamsOf } from './teams/teams.ts';
import type { World } from './world.ts';

/** Grows when the seeds or the shape of a part change, so that no start mixes old and new. */
const VERSION = 4;
const SAVE_AFTER_MS = 100;
/** A world above 2 MB is written less often, so that writing never takes more than a small share of the time. */
const BYTES_PER_MS = 20_000;

/** A part of the world that outlives the process. */
interface KeptPart {
  readonly changes: ChangeSignal;
  /** Everything the part holds, as JSON text. */
  export(): string;
  /** Takes back what `export` gave, parsed; throws when it is something else. */
  restore(memory: unknown): void;
}

const worldFile = z.object({ version: z.literal(VERSION), parts: z.record(z.string(), z.unknown()) });

/** Keeps the simulated world in `world.json`: read at the start, written after every change and at the end. */
export class WorldMemory {
  readonly #world: World;
  readonly #folder: string;
  readonly #file: string;
  readonly #warn: (line: string) => void;
  readonly #parts: Readonly<Record<string, KeptPart>>;
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();
  #restMs = SAVE_AFTER_MS;
  #stops: (() => void)[] = [];
  #hasFailed = false;

  constructor(world: World, folder: string, warn: (line: string) => void) {
    this.#world = world;
    this.#folder = folder;
    this.#file = join(folder, 'world.json');
    this.#warn = warn;
    this.#parts = {
      tenants: world.tenants,
      dns: world.dns,
      smtp: world.smtp,
      trace: world.trace,
      teams: teamsOf(world).state,
      home: homeOf(world),
    };
  }

  /** Brings the world back; one that cannot be used is set aside and the seeded world stays. */
  async recall(): Promise<void> {
    try {
      const { parts } = worldFile.parse(JSON.parse(await readFile(this.#file, 'utf8')));
      for (const [name, part] of Object.entries(this.#parts)) part.restore(parts[name]);
    } catch (error) {
      if (isMissing(error)) return;
      resetWorld(this.#world);
      const aside = `${this.#file}.broken`;
      const where = await rename(this.#file, aside).then(
        () => `kept as ${aside}`,
        () => 'lost',
      );
      this.#warn(
        `The rehearsal cannot use its saved world (${reasonOf(error)}) and starts anew; the file is ${where}.`,
      );
    }
  }

  /** Begins to write changes down. Not before this process owns the ports: another one may own the file. */
  keep(): void {
    const plan = (): void => this.#plan();
    this.#stops = Object.values(this.#parts).map(({ changes }) => changes.onChange(plan));
    plan();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#saving;
    await this.#save();
  }

  #plan(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#saving = this.#saving.then(() => this.#save());
    }, this.#restMs);
  }

  async #save(): Promise<void> {
    const parts = Object.entries(this.#parts).map(([name, part]) => `${JSON.stringify(name)}:${part.export()}`);
    const content = Buffer.from(`{"version":${VERSION},"parts":{${parts.join(',')}}}`);
    this.#restMs = Math.max(SAVE_AFTER_MS, content.length / BYTES_PER_MS);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(`${this.#file}.new`, content);
      await rename(`${this.#file}.new`, this.#file);
      this.#hasFailed = false;
    } catch (error) {
      // Said once, not at every change; the next change tries again.
      if (!this.#hasFailed) this.#warn(`The rehearsal cannot save its world in ${this.#file}: ${reasonOf(error)}`);
      this.#hasFailed = true;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** One line, whatever the error is. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.')}: ${issue?.message}`;
  }
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, ' ');
}
