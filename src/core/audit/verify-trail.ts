import type { AuditTrail } from './audit-trail.ts';
import { holdsAs, type Link } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

/** A trail that was followed from its first entry to its end. */
export interface VerifiedTrail {
  readonly verdict: ChainVerdict;
  /** How far it was followed: entries behind this place are not covered by the verdict. */
  readonly head: Link;
}

/**
 * Follows a trail to its head and looks at what stands behind that: nothing may, except what was appended meanwhile.
 * `checkpoints` were read before this is called; those that are signed while it works would be ahead of the head.
 */
export async function verifyTrail(trail: AuditTrail, checkpoints: readonly Checkpoint[]): Promise<VerifiedTrail> {
  const head = await trail.head();
  const verdict = await followTo(trail, head, checkpoints);
  if (!verdict.intact) return { verdict, head };
  const behind = await followOn(trail, head);
  // Read after the entries: each that was appended by then is below this head.
  const now = await trail.head();
  const odd = behind.seq > now.seq ? now.seq + 1 : behind.stray;
  if (odd !== null && odd > now.seq) return { verdict: inserted(odd, now), head };
  const isOther = behind.seq === now.seq && behind.hash !== now.hash;
  // Something that was appended meanwhile is not part of the chain: say what it is, as of everything else.
  return odd !== null || isOther ? { verdict: await followTo(trail, now, checkpoints), head: now } : { verdict, head };
}

function followTo(trail: AuditTrail, head: Link, checkpoints: readonly Checkpoint[]): Promise<ChainVerdict> {
  return verifyChain(() => trail.records({ upTo: head.seq }), { checkpoints, head });
}

/** How far the chain goes on behind a place, and the number of the first entry there that is not part of it. */
async function followOn(trail: AuditTrail, head: Link): Promise<Link & { readonly stray: number | null }> {
  let last = head;
  for await (const record of trail.records({ after: head.seq })) {
    const { seq, previous, hash } = record;
    const continues = seq === last.seq + 1 && previous === last.hash && holdsAs(record, seq);
    if (!continues) return { ...last, stray: seq };
    last = { seq, hash };
  }
  return { ...last, stray: null };
}

function inserted(seq: number, { seq: count }: Link): ChainVerdict {
  const explanation = `The store counted ${count} entries, but entry ${seq} stands behind them.`;
  return { intact: false, seq, how: 'inserted', explanation };
}
