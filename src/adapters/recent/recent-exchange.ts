import type { ObjectRef } from '../../core/change.ts';
import { SharedRead } from '../../core/shared-read.ts';
import type { ExchangeReads, ExchangeTenant } from '../../ports/exchange-online.ts';
import type { RecentReads } from './recent-reads.ts';

type Reading = keyof ExchangeReads;

/** The kinds of objects that steps write. */
const readOf: ReadonlyMap<string, Reading> = new Map([
  ['InboundConnector', 'Get-InboundConnector'],
  ['OutboundConnector', 'Get-OutboundConnector'],
  ['TransportRule', 'Get-TransportRule'],
]);

/**
 * The same tenant, whose reads may be answered from what was asked at `since()` or later. An object is also found in a
 * list that is known. Beside each read of one object, `next` is read as well, unless that is known. Questions with
 * parameters are always asked; every write empties what is known, before and after.
 */
export function recentExchange(
  tenant: ExchangeTenant,
  reads: RecentReads,
  since: () => number,
  next: ObjectRef | null = null,
): ExchangeTenant {
  const list = <C extends Reading>(cmdlet: C, at: number, signal: AbortSignal | undefined) =>
    reads.answer<readonly ExchangeReads[C][]>(cmdlet, at, (shared) => tenant.list(cmdlet, shared), signal);
  /** Whether it can be read matters only when its turn comes. */
  const readBeside = (question: string): void => {
    const cmdlet = readOf.get(next?.kind ?? '');
    if (!next || !cmdlet || questionAbout(cmdlet, next.identity) === question) return;
    const ask = (shared: AbortSignal) => tenant.get(cmdlet, next.identity, shared);
    reads.answer<unknown>(questionAbout(cmdlet, next.identity), reads.recently, ask).catch(() => undefined);
  };
  const forgetting = async <Answer>(write: () => Promise<Answer>): Promise<Answer> => {
    reads.forget();
    try {
      return await write();
    } finally {
      reads.forget();
    }
  };
  return {
    tenantId: tenant.tenantId,
    get: async (cmdlet, identity, signal) => {
      const question = questionAbout(cmdlet, identity);
      readBeside(question);
      const at = since();
      if (reads.newest(question, cmdlet) === cmdlet && reads.isKnown(cmdlet, at)) {
        return (await list(cmdlet, at, signal)).find((one) => isNamed(one, identity)) ?? null;
      }
      return reads.answer(question, at, (shared) => tenant.get(cmdlet, identity, shared), signal);
    },
    list: (cmdlet, signal) => list(cmdlet, since(), signal),
    lists: async <C extends Reading>(cmdlets: readonly C[], signal?: AbortSignal) => {
      signal?.throwIfAborted();
      const at = since();
      const missing = cmdlets.filter((cmdlet) => !reads.isKnown(cmdlet, at));
      // Asked in one round, which goes on as long as anybody waits for one of its lists.
      const round = missing.length === 0 ? null : new SharedRead((shared) => tenant.lists(missing, shared));
      const asked = (cmdlet: C) => async (shared: AbortSignal) =>
        round ? (await round.answerFor(shared))[cmdlet] : tenant.list(cmdlet, shared);
      const lists = cmdlets.map(
        async (cmdlet) => [cmdlet, await reads.answer(cmdlet, at, asked(cmdlet), signal)] as const,
      );
      return Object.fromEntries(await Promise.all(lists)) as { [K in C]: readonly ExchangeReads[K][] };
    },
    ask: (cmdlet, parameters, signal) => tenant.ask(cmdlet, parameters, signal),
    invoke: (call, signal, beforeSending) => forgetting(() => tenant.invoke(call, signal, beforeSending)),
    restore: (inverse, signal, beforeSending) => forgetting(() => tenant.restore(inverse, signal, beforeSending)),
    whyNotRestored: (inverse) => tenant.whyNotRestored(inverse),
  };
}

function questionAbout(cmdlet: Reading, identity: string): string {
  return `${cmdlet} ${identity.toLowerCase()}`;
}

function isNamed(object: { readonly Identity: string }, identity: string): boolean {
  return object.Identity.toLowerCase() === identity.toLowerCase();
}
