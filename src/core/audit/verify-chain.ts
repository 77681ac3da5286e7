import { type AuditRecord, genesis, holdsAs, type Link } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ShownTurns } from './shown-turns.ts';

/** The ways in which a trail can have been tampered with. */
export type Tampering = 'edited' | 'deleted' | 'inserted' | 'reordered' | 'truncated' | 'rewritten';

/** What a verification found. `seq` is the first entry that is not as it was written. */
export type ChainVerdict =
  | { readonly intact: true; readonly entries: number; readonly last: Link; readonly signedSize: number }
  | { readonly intact: false; readonly seq: number; readonly how: Tampering; readonly explanation: string };

/** What the trail is compared with beside itself. */
export interface Witnesses {
  /** Signed statements about the trail at some sizes, their signatures already checked. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Where the store says the trail ends. */
  readonly head?: Link;
  /** Whether entries may be left out on purpose, as in an export for one tenant: those of other requests and times. */
  readonly selection?: boolean;
}

type Records = AsyncIterable<AuditRecord> | Iterable<AuditRecord>;
type Broken = Extract<ChainVerdict, { intact: false }>;

/**
 * Follows the chain from its first entry and names the first break and its kind. Entries are read one after another
 * and not kept; `records` is called a second time when something is broken, to find out what happened.
 */
export async function verifyChain(records: () => Records, witnesses: Witnesses = {}): Promise<ChainVerdict> {
  const { checkpoints = [], selection = false } = witnesses;
  const signed = bySize(checkpoints);
  const shown = new ShownTurns();
  let last = genesis;
  let position = 0;
  let signedSize = 0;
  for await (const record of records()) {
    if (!follows(record, last, selection)) return explainBreak(records(), position, selection);
    const gapIn = selection ? shown.gapBefore(record) : null;
    if (gapIn !== null) {
      return broken(record.seq, 'deleted', `Before entry ${record.seq} others of ${gapIn} are missing.`);
    }
    const roots = signed.get(record.seq);
    if (roots?.some((root) => root !== record.hash)) return rewritten(signedSize, record.seq);
    if (roots) signedSize = record.seq;
    last = { seq: record.seq, hash: record.hash };
    position += 1;
  }
  const missing = selection ? null : endMissing(last, witnesses);
  return missing ?? { intact: true, entries: position, last, signedSize };
}

/** After years there are a hundred thousand checkpoints, and a million entries to compare them with. */
function bySize(checkpoints: readonly Checkpoint[]): ReadonlyMap<number, readonly string[]> {
  const roots = new Map<number, string[]>();
  for (const { size, root } of checkpoints) {
    const known = roots.get(size);
    if (known) known.push(root);
    else roots.set(size, [root]);
  }
  return roots;
}

function follows(record: AuditRecord, last: Link, selection: boolean): boolean {
  if (!holdsAs(record, record.seq)) return false;
  if (record.seq === last.seq + 1) return record.previous === last.hash;
  return selection && record.seq > last.seq;
}

function endMissing(last: Link, { checkpoints = [], head }: Witnesses): Broken | null {
  const signed = checkpoints.reduce((most, { size }) => Math.max(most, size), 0);
  const expected = Math.max(signed, head?.seq ?? 0);
  if (expected > last.seq) {
    const witness = signed >= expected ? 'a signed checkpoint' : 'the store';
    return broken(
      last.seq + 1,
      'truncated',
      `The trail ends at ${last.seq}, but ${witness} knows ${expected} entries.`,
    );
  }
  if (!head) return null;
  if (head.seq < last.seq) {
    return broken(head.seq + 1, 'inserted', `The store counted ${head.seq} entries, but there are ${last.seq}.`);
  }
  if (head.hash === last.hash) return null;
  return broken(last.seq, 'rewritten', `Entry ${last.seq} is not the one that the store wrote last.`);
}

function rewritten(signedSize: number, size: number): Broken {
  return broken(
    signedSize + 1,
    'rewritten',
    `The entries from ${signedSize + 1} to ${size} hold together, but they are not those a checkpoint was signed over.`,
  );
}

function broken(seq: number, how: Tampering, explanation: string): Broken {
  return { intact: false, seq, how, explanation };
}

/** What surrounds the first entry that does not follow the one before it. */
interface Break {
  readonly before: Link;
  readonly record: AuditRecord;
  readonly after: AuditRecord | null;
  /** Link that stands where `record` says its predecessor is, with its position; null when there is none. */
  readonly predecessor: { readonly seq: number; readonly position: number } | null;
  /** Whether the very same entry was met before. */
  readonly repeated: boolean;
}

async function explainBreak(records: Records, position: number, selection: boolean): Promise<Broken> {
  const found = await surroundings(records, position);
  const { before, record, after, predecessor, repeated } = found;
  const written = numberWrittenUnder(record);
  const expected = before.seq + 1;
  if (written !== null && (predecessor?.position ?? -1) > position) {
    return broken(expected, 'reordered', `Entry ${record.seq} stands before the entry it was written after.`);
  }
  if (repeated || after?.previous === before.hash) {
    return broken(
      record.seq,
      'inserted',
      `Entry ${record.seq} is not part of the chain: the next one does not know it.`,
    );
  }
  if (written === null) {
    return broken(record.seq, 'edited', `The content of entry ${record.seq} does not give its hash.`);
  }
  if (selection && written <= before.seq) {
    return broken(record.seq, 'reordered', `Entry ${record.seq} stands after entry ${before.seq}.`);
  }
  if (selection && written !== record.seq) {
    return broken(record.seq, 'edited', `Entry ${record.seq} was written under the number ${written}.`);
  }
  return explainGap(found, position, written);
}

function explainGap({ before, record, predecessor }: Break, position: number, written: number): Broken {
  const expected = before.seq + 1;
  if (predecessor && predecessor.position < position - 1) {
    const first = predecessor.seq + 1;
    return broken(first, 'inserted', `Entry ${record.seq} was written right after entry ${predecessor.seq}.`);
  }
  if (predecessor) {
    return broken(record.seq, 'edited', `Entry ${record.seq} was written under the number ${written}.`);
  }
  if (written === expected && before.seq > 0) {
    return broken(
      before.seq,
      'edited',
      `Entry ${before.seq} is not the one that entry ${record.seq} was written after.`,
    );
  }
  return broken(expected, 'deleted', `Entry ${record.seq} was written after an entry that is missing.`);
}

async function surroundings(records: Records, position: number): Promise<Break> {
  const links = new Map<string, { seq: number; position: number }>([[genesis.hash, { seq: 0, position: -1 }]]);
  const around: { before: Link; record?: AuditRecord; after?: AuditRecord; repeated: boolean } = {
    before: genesis,
    repeated: false,
  };
  let at = 0;
  for await (const record of records) {
    if (at === position - 1) around.before = record;
    if (at === position) {
      around.record = record;
      around.repeated = links.has(record.hash);
    }
    if (at === position + 1) around.after = record;
    if (!links.has(record.hash)) links.set(record.hash, { seq: record.seq, position: at });
    at += 1;
  }
  const { before, record, after, repeated } = around;
  if (!record) throw new Error('The trail changed while it was being verified.');
  return { before, record, after: after ?? null, predecessor: links.get(record.previous) ?? null, repeated };
}

/** How far entries can have been renumbered and still be recognised. */
const furthestShift = 1000;

/** The number under which an entry's content gives its hash, or null when its content was changed. */
function numberWrittenUnder(record: AuditRecord): number | null {
  for (let shift = 0; shift <= furthestShift; shift += 1) {
    if (holdsAs(record, record.seq - shift)) return record.seq - shift;
    if (holdsAs(record, record.seq + shift)) return record.seq + shift;
  }
  return null;
}
