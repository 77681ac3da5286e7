import { type Clock, plusSeconds } from '../clock.ts';
import { type AuditTrail, type CheckpointBook, originOf } from './audit-trail.ts';
import { genesis, holdsAs, type Link } from './chain.ts';
import { CheckpointError } from './checkpoint.ts';

/** So many new entries, or so many product seconds with at least one, are worth a checkpoint. */
const entriesPerCheckpoint = 1000;
const secondsPerCheckpoint = 300;
const lookEverySeconds = 15;

/** What keeping checkpoints needs. */
export interface Checkpointing {
  readonly trail: AuditTrail;
  readonly book: CheckpointBook;
  readonly clock: Clock;
}

/**
 * Signs checkpoints until the signal aborts: at the start what is unsigned, then every 1,000 entries or five minutes.
 * `onError` is told when the trail does not continue the last checkpoint; then nothing is signed.
 */
export async function keepCheckpoints(
  { trail, book, clock }: Checkpointing,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let due = clock.now();
  let signed = 0;
  while (!signal.aborted) {
    try {
      const { seq } = await trail.head();
      const now = clock.now();
      if (now >= due || seq >= signed + entriesPerCheckpoint) {
        signed = await signCheckpoint(trail, book);
        due = plusSeconds(now, secondsPerCheckpoint);
      }
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      due = plusSeconds(clock.now(), secondsPerCheckpoint);
    }
    await clock.until(plusSeconds(clock.now(), lookEverySeconds), signal).catch(() => undefined);
  }
}

/** Signs the trail as it is now, after following it from the last checkpoint. Returns the size that is signed. */
export async function signCheckpoint(trail: AuditTrail, book: CheckpointBook): Promise<number> {
  const origin = originOf(await trail.id());
  const newest = await book.newest();
  if (newest && newest.origin !== origin) throw inconsistent(`they are about ${newest.origin}, this is ${origin}`);
  const from: Link = newest ? { seq: newest.size, hash: newest.root } : genesis;
  const head = await trail.head();
  if (head.seq < from.seq) throw inconsistent(`it has ${head.seq} entries, ${from.seq} were signed`);
  const last = await follow(trail, from, head);
  if (last.seq > from.seq) await book.add({ origin, size: last.seq, root: last.hash });
  return last.seq;
}

async function follow(trail: AuditTrail, from: Link, head: Link): Promise<Link> {
  let last = from;
  for await (const record of trail.records({ after: from.seq, upTo: head.seq })) {
    const continues = record.seq === last.seq + 1 && record.previous === last.hash && holdsAs(record, record.seq);
    if (!continues) throw inconsistent(`entry ${record.seq} does not continue entry ${last.seq}`);
    last = record;
  }
  if (last.seq === head.seq && last.hash === head.hash) return { seq: last.seq, hash: last.hash };
  throw inconsistent(`it ends at entry ${last.seq} instead of ${head.seq}`);
}

function inconsistent(what: string): CheckpointError {
  return new CheckpointError(`The audit trail does not continue its signed checkpoints: ${what}.`, {
    operation: 'sign a checkpoint',
    next: 'Run "switchyard audit verify" and keep the checkpoint file; nothing is signed until the trail is whole.',
  });
}
