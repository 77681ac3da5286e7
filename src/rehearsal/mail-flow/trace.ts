import { z } from 'zod/v4';
import { ChangeSignal } from '../change-signal.ts';

export const traceStatuses = ['Delivered', 'Expanded', 'Failed', 'FilteredAsSpam', 'Pending', 'Quarantined'] as const;

/** One thing that happened to a message, as Get-MessageTraceDetailV2 names it. Dates are ISO, in virtual time. */
const traceDetail = z.object({
  Date: z.string(),
  Event: z.enum(['RECEIVE', 'SEND', 'FAIL', 'DELIVER', 'EXPAND', 'TRANSFER', 'DEFER']),
  Action: z.string(),
  Detail: z.string(),
  Data: z.string(),
});

const traceRow = z.object({
  /** The organisation whose trace it is in; no field of Exchange. */
  tenantId: z.string(),
  MessageId: z.string(),
  MessageTraceId: z.string(),
  Received: z.string(),
  SenderAddress: z.string(),
  RecipientAddress: z.string(),
  Subject: z.string(),
  Status: z.enum(traceStatuses),
  FromIP: z.string().nullable(),
  ToIP: z.string().nullable(),
  Size: z.number(),
  details: z.array(traceDetail),
});

export type TraceDetail = Readonly<z.infer<typeof traceDetail>>;

/** One message to one recipient, with the field names of Get-MessageTraceV2. */
export type TraceRow = Readonly<z.infer<typeof traceRow>>;

const LIMIT = 10_000;

/** What message trace knows, of every organisation; the oldest rows go when there are too many. */
export class TraceStore {
  readonly changes = new ChangeSignal();
  #rows: TraceRow[] = [];

  add(row: TraceRow): void {
    this.#rows.push(row);
    if (this.#rows.length > LIMIT) this.#rows = this.#rows.slice(-LIMIT);
    this.changes.changed();
  }

  /** The rows of one organisation, oldest first. */
  list(tenantId: string): TraceRow[] {
    return this.#rows.filter((row) => row.tenantId === tenantId);
  }

  reset(): void {
    this.#rows = [];
    this.changes.changed();
  }

  export(): string {
    return JSON.stringify(this.#rows);
  }

  restore(memory: unknown): void {
    this.#rows = z.array(traceRow).parse(memory);
  }
}
