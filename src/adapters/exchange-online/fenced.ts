import type { ExchangeTenant } from '../../ports/exchange-online.ts';

/**
 * The same tenant for one run: immediately before each write is sent, `stillOurs` is asked. In a process that was
 * declared dead and wakes up late it never resolves, so that nothing is written beside whoever took the run over.
 */
export function fenced(tenant: ExchangeTenant, stillOurs: () => Promise<void>): ExchangeTenant {
  return {
    tenantId: tenant.tenantId,
    get: (cmdlet, identity, signal) => tenant.get(cmdlet, identity, signal),
    list: (cmdlet, signal) => tenant.list(cmdlet, signal),
    lists: (cmdlets, signal) => tenant.lists(cmdlets, signal),
    ask: (cmdlet, parameters, signal) => tenant.ask(cmdlet, parameters, signal),
    invoke: (call, signal) => tenant.invoke(call, signal, stillOurs),
  };
}
