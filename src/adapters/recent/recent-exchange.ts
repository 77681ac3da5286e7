import type { ObjectRef } from '../../core/change.ts';
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
  const knownList = <C extends Reading>(cmdlet: C, at: number) => reads.known<readonly ExchangeReads[C][]>(cmdlet, at);
  const keepList = <C extends Reading>(cmdlet: C, at: number, list: () => Promise<readonly ExchangeReads[C][]>) =>
    reads.answer(cmdlet, at, list);
  /** Whether it can be read matters only when its turn comes. */
  const readBeside = (question: string): void => {
    const cmdlet = readOf.get(next?.kind ?? '');
    if (!next || !cmdlet || questionAbout(cmdlet, next.identity) === question) return;
    const ask = () => tenant.get(cmdlet, next.identity);
    reads.answer<unknown>(questionAbout(cmdlet, next.identity), reads.recently, ask).catch(() => undefined);
  };
  return {
    tenantId: tenant.tenantId,
    get: async (cmdlet, identity, signal) => {
      const question = questionAbout(cmdlet, identity);
      readBeside(question);
      if (reads.newest(question, cmdlet) === cmdlet) {
        const list = await knownList(cmdlet, since());
        if (list) return list.find((one) => isNamed(one, identity)) ?? null;
      }
      return reads.answer(question, since(), () => tenant.get(cmdlet, identity, signal));
    },
    list: (cmdlet, signal) => keepList(cmdlet, since(), () => tenant.list(cmdlet, signal)),
    lists: async <C extends Reading>(cmdlets: readonly C[], signal?: AbortSignal) => {
      const at = since();
      const missing = cmdlets.filter((cmdlet) => !knownList(cmdlet, at));
      const round = missing.length === 0 ? null : tenant.lists(missing, signal);
      const lists = cmdlets.map(async (cmdlet) => {
        const list = await keepList(cmdlet, at, async () =>
          round ? (await round)[cmdlet] : tenant.list(cmdlet, signal),
        );
        return [cmdlet, list] as const;
      });
      return Object.fromEntries(await Promise.all(lists)) as { [K in C]: readonly ExchangeReads[K][] };
    },
    ask: (cmdlet, parameters, signal) => tenant.ask(cmdlet, parameters, signal),
    invoke: async (call, signal, beforeSending) => {
      reads.forget();
      try {
        return await tenant.invoke(call, signal, beforeSending);
      } finally {
        reads.forget();
      }
    },
  };
}

function questionAbout(cmdlet: Reading, identity: string): string {
  return `${cmdlet} ${identity.toLowerCase()}`;
}

function isNamed(object: { readonly Identity: string }, identity: string): boolean {
  return object.Identity.toLowerCase() === identity.toLowerCase();
}
