import { z } from 'zod/v4';
import { jsonIn } from '../json.ts';
import type { AuditRecord } from './chain.ts';

const Turn = z.looseObject({ requestId: z.string(), turn: z.number().optional() });

/**
 * What a selection shows of each request. A selection is by tenant and time, and a request is of one tenant, so between
 * the first and the last entry that is shown of it there are all. What belongs to no request may be of several tenants.
 */
export class ShownTurns {
  readonly #last = new Map<string, number | undefined>();

  /** Takes the next entry in; the request of which others are missing right before it, or null. */
  gapBefore({ entry }: AuditRecord): string | null {
    const read = Turn.safeParse(jsonIn(entry));
    if (!read.success || !read.data.requestId.startsWith('R-')) return null;
    const { requestId, turn } = read.data;
    const last = this.#last.get(requestId);
    this.#last.set(requestId, turn);
    return last === undefined || turn === undefined || turn === last + 1 ? null : requestId;
  }
}
