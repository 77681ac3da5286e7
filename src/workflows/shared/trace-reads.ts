import { OpsError, TenantAccessError } from '../../core/errors.ts';
import type { TracedMessage } from '../../ports/directory.ts';
import type { TraceRow } from '../../ports/exchange-questions.ts';
import type { World } from '../../ports/world.ts';

/** Source: Get-MessageTraceV2 takes at most ten days at once and gives at most 5,000 rows a page. */
const days = 10;
const pageSize = 5000;
/** A tenant may ask 100 times in five minutes, and a plan must not use that up: more mail than this is cut off. */
const mostPages = 4;
/** Real seconds. Nobody waits for it with an open card, and a plan without it is better than no plan. */
const patienceSeconds = 60;

/** The messages of the last ten days, the newest first, page by page; or why they cannot be read. */
export type RecentMail =
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'read'; readonly from: string; readonly to: string; readonly isWhole: boolean };

/**
 * Reads the trace and hands over each page; nothing but the present page is kept in memory. Where Exchange does not let
 * us read it, the directory may: the two rights are given apart from each other.
 */
export async function readRecentMail(world: World, each: (rows: readonly TraceRow[]) => void): Promise<RecentMail> {
  const to = world.clock.now();
  const from = new Date(to.getTime() - days * 86_400_000);
  const signal = AbortSignal.timeout(patienceSeconds * 1000);
  try {
    return await fromExchange(world, { from, to, signal }, each);
  } catch (error) {
    if (signal.aborted) return { kind: 'unknown', because: `message trace did not answer in ${patienceSeconds} s.` };
    if (!(error instanceof OpsError)) throw error;
    if (error instanceof TenantAccessError && (await fromDirectory(world, { from, to, signal }, each))) {
      return { kind: 'read', from: from.toISOString(), to: to.toISOString(), isWhole: true };
    }
    return { kind: 'unknown', because: `${error.message} ${error.next}`.trim() };
  }
}

interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly signal: AbortSignal;
}

async function fromExchange(
  { exchange }: World,
  period: Period,
  each: (rows: readonly TraceRow[]) => void,
): Promise<RecentMail> {
  const [from, to] = [period.from.toISOString(), period.to.toISOString()];
  let page: { StartDate: string; EndDate: string; ResultSize: number; StartingRecipientAddress?: string } = {
    StartDate: from,
    EndDate: to,
    ResultSize: pageSize,
  };
  let ends = new Set<string>();
  for (let count = 1; count <= mostPages; count += 1) {
    const rows = await exchange.ask('Get-MessageTraceV2', page, period.signal);
    const known = ends;
    each(rows.filter((row) => !known.has(nameOf(row))));
    const last = rows.at(-1);
    // A page begins with what the one before it ended with.
    ends = new Set(rows.filter(({ Received }) => Received === last?.Received).map(nameOf));
    if (!last || rows.length < pageSize) return { kind: 'read', from, to, isWhole: true };
    page = { ...page, EndDate: last.Received, StartingRecipientAddress: last.RecipientAddress };
  }
  return { kind: 'read', from: page.EndDate, to, isWhole: false };
}

function nameOf({ MessageTraceId, RecipientAddress, Received }: TraceRow): string {
  return `${MessageTraceId} ${RecipientAddress} ${Received}`;
}

/** False where the directory does not tell either. */
async function fromDirectory(
  { directory }: World,
  { from, to, signal }: Period,
  each: (rows: readonly TraceRow[]) => void,
): Promise<boolean> {
  try {
    const messages = await directory.messageTraces({ from, to }, signal);
    each(messages.map(rowOf));
    return true;
  } catch (error) {
    if (error instanceof OpsError || signal.aborted) return false;
    throw error;
  }
}

function rowOf({ id, messageId, received, sender, recipient, status, fromIp, toIp }: TracedMessage): TraceRow {
  return {
    MessageTraceId: id,
    MessageId: messageId,
    Received: received,
    SenderAddress: sender,
    RecipientAddress: recipient,
    // The directory writes its words with a small letter.
    Status: status.charAt(0).toUpperCase() + status.slice(1),
    FromIP: fromIp,
    ToIP: toIp,
  };
}
