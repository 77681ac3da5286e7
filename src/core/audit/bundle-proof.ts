import { sha256 } from '../json.ts';
import { type AuditRecord, linkHash } from './chain.ts';
import { type Checkpoint, CheckpointError, readCheckpoints, readVerifierKey } from './checkpoint.ts';

/** Entries with what proves that they are of a trail: the way from the first of them to a signed checkpoint. */
export interface ProvenEntries {
  /** In the order of their numbers. */
  readonly entries: readonly AuditRecord[];
  /** SHA-256 of every entry of the trail from the first of these to the checkpoint, whoever it is about. */
  readonly path: readonly string[];
  /** The signed checkpoint at the end of the path; empty when none was signed. */
  readonly checkpoint: string;
}

/** What does not fit together, and why nothing from outside vouches for what does. */
export interface ProofVerdict {
  readonly faults: readonly string[];
  readonly unproven: readonly string[];
}

/** Who vouches for a bundle. */
export interface Vouchers {
  /** A verifier key line. */
  readonly publicKey: string;
  /** Somebody's own copy of the signed checkpoints, their signatures already checked; null when there is none. */
  readonly checkpoints: readonly Checkpoint[] | null;
}

/** Follows the path through all the entries to its checkpoint and compares it with that, and with a copy of them. */
export function proofOf(proven: ProvenEntries, { publicKey, checkpoints }: Vouchers): ProofVerdict {
  const { entries, path, checkpoint } = proven;
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) return { faults: [], unproven: [] };
  const hashes = hashesAlong(first, path);
  const faults = [
    ...entries.filter(({ seq, hash }) => hashes.get(seq) !== hash).map(({ seq }) => `The path misses entry ${seq}.`),
    ...entries
      .filter(({ seq, entry }) => path[seq - first.seq] !== sha256(entry))
      .map(({ seq }) => `The path does not lead through entry ${seq}.`),
    ...(checkpoint === '' ? [] : signatureFaults(checkpoint, publicKey, hashes)),
  ];
  const compared = (checkpoints ?? []).filter(({ size }) => hashes.has(size));
  const differing = compared.find(({ size, root }) => hashes.get(size) !== root);
  const isCovered = checkpoints === null || compared.some(({ size }) => size >= last.seq);
  return {
    faults: differing
      ? [...faults, `The entries up to ${differing.size} are not those that your checkpoint was signed over.`]
      : faults,
    unproven: [
      ...(checkpoint === '' ? [`The bundle carries no checkpoint that was signed after its entry ${last.seq}.`] : []),
      ...(isCovered ? [] : [`None of your checkpoints is on the path behind entry ${last.seq}.`]),
    ],
  };
}

/** The hash of the chain after each number on the path, and the one it begins with. */
function hashesAlong(first: AuditRecord, path: readonly string[]): ReadonlyMap<number, string> {
  const hashes = new Map([[first.seq - 1, first.previous]]);
  let hash = first.previous;
  for (const [index, entryHash] of path.entries()) {
    hash = linkHash(hash, first.seq + index, entryHash);
    hashes.set(first.seq + index, hash);
  }
  return hashes;
}

function signatureFaults(checkpoint: string, publicKey: string, hashes: ReadonlyMap<number, string>): string[] {
  try {
    const [signed] = readCheckpoints(checkpoint, readVerifierKey(publicKey));
    const end = [...hashes.keys()].at(-1);
    const isAtEnd = signed !== undefined && signed.size === end && hashes.get(end) === signed.root;
    return isAtEnd ? [] : ['The path does not end at the checkpoint.'];
  } catch (error) {
    if (error instanceof CheckpointError) return [error.message];
    throw error;
  }
}
