import type { ExchangeReads, ExchangeTenant } from '../../ports/exchange-online.ts';

type Lists = Map<keyof ExchangeReads, Promise<readonly ExchangeReads[keyof ExchangeReads][]>>;

/**
 * The same tenant for the length of one planning: what was listed once is not read again, so that a plan is made from
 * one consistent picture and in as few rounds as possible. Never used for writing.
 */
export function snapshotOf(tenant: ExchangeTenant): ExchangeTenant {
  const known: Lists = new Map();
  const keep = <C extends keyof ExchangeReads>(cmdlet: C, list: Promise<readonly ExchangeReads[C][]>): void => {
    // Whoever asked is told about the failure; the copy kept here must not count as unhandled.
    list.catch(() => undefined);
    known.set(cmdlet, list);
  };
  return {
    tenantId: tenant.tenantId,
    invoke: () => Promise.reject(new Error('Planning never writes.')),
    ask: (cmdlet, parameters, signal) => tenant.ask(cmdlet, parameters, signal),
    list: (cmdlet, signal) => {
      const list = tenant.list(cmdlet, signal);
      keep(cmdlet, list);
      return list;
    },
    lists: async (cmdlets, signal) => {
      const lists = await tenant.lists(cmdlets, signal);
      for (const cmdlet of cmdlets) keep(cmdlet, Promise.resolve(lists[cmdlet]));
      return lists;
    },
    get: async (cmdlet, identity, signal) => {
      const list = known.get(cmdlet) as Promise<readonly ExchangeReads[typeof cmdlet][]> | undefined;
      if (!list) return tenant.get(cmdlet, identity, signal);
      const wanted = identity.toLowerCase();
      return (await list).find(({ Identity }) => Identity.toLowerCase() === wanted) ?? null;
    },
  };
}
