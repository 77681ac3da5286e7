import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointBook } from '../../core/audit/audit-trail.ts';
import { type Checkpoint, checkpointNote, readCheckpoints, verifierKeyLine } from '../../core/audit/checkpoint.ts';

/** Names of the files in the audit folder: what is signed, and the key to check it with. */
export const checkpointsName = 'checkpoints';
export const publicKeyName = 'public-key';

/** Signed checkpoints in a file that only grows, beside the public key that they are checked with. */
export class CheckpointFile implements CheckpointBook {
  readonly #folder: string;
  readonly #key: KeyObject;
  #newest: Checkpoint | null = null;

  constructor(folder: string, key: KeyObject) {
    this.#folder = folder;
    this.#key = key;
  }

  async newest(): Promise<Checkpoint | null> {
    if (this.#newest) return this.#newest;
    // Only the last one is checked: after years there are a hundred thousand, and it stands for those before it.
    const note =
      (await readFile(this.#file, 'utf8').catch(missing))
        .trimEnd()
        .split(/\n\n(?!— )/u)
        .at(-1) ?? '';
    const [origin] = note.split('\n', 1);
    if (!origin) return null;
    this.#newest = readCheckpoints(`${note}\n`, { name: origin, key: createPublicKey(this.#key) }).at(-1) ?? null;
    return this.#newest;
  }

  async add(checkpoint: Checkpoint): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const line = verifierKeyLine(checkpoint.origin, createPublicKey(this.#key));
    await writeFile(join(this.#folder, publicKeyName), `${line}\n`);
    const file = await open(this.#file, 'a', 0o644);
    try {
      await file.write(`${checkpointNote(checkpoint, this.#key)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    this.#newest = checkpoint;
  }

  get #file(): string {
    return join(this.#folder, checkpointsName);
  }
}

function missing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
