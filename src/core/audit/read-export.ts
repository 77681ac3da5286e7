import { z } from 'zod/v4';
import { jsonIn, sameJson } from '../json.ts';
import { AuditEventSchema } from './audit-event.ts';
import { type AuditRecord, holdsAs } from './chain.ts';
import { ocsfEvent } from './ocsf-event.ts';

const Line = z.looseObject({
  metadata: z.looseObject({ product: z.looseObject({ version: z.string() }) }),
  raw_data: z.string(),
  unmapped: z.strictObject({ seq: z.number(), previous: z.string(), hash: z.string() }),
});

/** A line of an export cannot be read, or what it shows is not what its entry says. */
export interface ExportFault {
  /** Counted from 1. */
  readonly line: number;
  readonly explanation: string;
}

/** The entries of an export in JSON lines, or the first line that does not show what its own entry says. */
export function readExport(text: string): { records: AuditRecord[]; fault: ExportFault | null } {
  const records: AuditRecord[] = [];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    const record = readLine(line);
    if (typeof record === 'string') return { records, fault: { line: index + 1, explanation: record } };
    records.push(record);
  }
  return { records, fault: null };
}

function readLine(line: string): AuditRecord | string {
  const data = jsonIn(line);
  const read = Line.safeParse(data);
  if (!read.success) return 'it is no line of an audit export';
  const { raw_data: entry, unmapped, metadata } = read.data;
  const record: AuditRecord = { ...unmapped, entry };
  // An entry whose content does not give its hash is named by the chain; what the line shows beside it is checked here.
  if (!holdsAs(record, record.seq)) return record;
  const event = AuditEventSchema.safeParse(jsonIn(entry));
  if (!event.success) return record;
  const shown = z.json().safeParse(data);
  const expected = ocsfEvent(record, event.data, metadata.product.version);
  if (shown.success && sameJson(shown.data, expected)) return record;
  return `it does not show what its entry ${record.seq} says`;
}
