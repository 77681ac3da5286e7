import type pg from 'pg';
import { closingDetail } from '../../core/audit/closing-entry.ts';
import { InvalidInputError } from '../../core/errors.ts';
import type { ProvisioningRequest } from '../../core/request.ts';
import { type Noted, noteExport } from './note-export.ts';

/** A request as it was when the entry of its export was written. */
export interface NotedRequest {
  readonly request: ProvisioningRequest;
  readonly noted: Noted;
}

const tries = 20;

/**
 * Writes into the trail that the evidence of a request is taken out, with the number of its entries and the hash of the
 * request at that place of the trail. When an entry of the request comes in between, that is on record too, and it is
 * written anew: holding the trail still meanwhile would hold up everybody.
 */
export async function noteBundle(pool: pg.Pool, requestId: string): Promise<NotedRequest> {
  for (let count = 0; count < tries; count += 1) {
    const { request, turn } = await asItIs(pool, requestId);
    const about = closingDetail(request, turn);
    const noted = await noteExport(pool, { action: 'evidence-exported', tenantId: request.tenant.id, about });
    if ('why' in noted || (await entriesBefore(pool, requestId, noted.seq)) === turn) return { request, noted };
  }
  throw cannot(`${requestId} goes on faster than its evidence can be taken out.`, 'Try again in a moment.');
}

/** Body and entries of one moment: they are written in one transaction, and this reads them in one statement. */
async function asItIs(
  pool: pg.Pool,
  requestId: string,
): Promise<{ readonly request: ProvisioningRequest; readonly turn: number }> {
  const { rows } = await pool.query<{ body: ProvisioningRequest; turn: number }>(
    `select r.body, (
       select count(*)::integer from switchyard.audit a, switchyard.audit_head h
       where a.entry ->> 'requestId' = r.id and a.seq between 1 and h.seq) as turn
     from switchyard.requests r where r.id = $1`,
    [requestId],
  );
  const [row] = rows;
  if (row) return { request: row.body, turn: row.turn };
  throw cannot(`There is no request ${requestId} any more.`, 'Run "switchyard audit verify".');
}

async function entriesBefore(pool: pg.Pool, requestId: string, seq: number): Promise<number> {
  const sql = `select count(*)::integer as turn from switchyard.audit
    where entry ->> 'requestId' = $1 and seq between 1 and $2`;
  const { rows } = await pool.query<{ turn: number }>(sql, [requestId, seq]);
  return rows[0]?.turn ?? 0;
}

function cannot(message: string, next: string): InvalidInputError {
  return new InvalidInputError(message, { operation: 'take out the evidence of a request', next });
}
