import type { CmdletCall } from '../../src/core/change.ts';
import type { ExchangeTenant } from '../../src/ports/exchange-online.ts';

interface MortalExchangeOptions {
  readonly tenantId: string;
  /** A moment at which the process may die. */
  readonly moment: (name: string) => Promise<void>;
  /** Gets the name of every write that took effect and was answered. */
  readonly effective: string[];
}

/** A tenant in whose writes the process may die: before one is sent, and after it took effect. */
export function mortalExchange(
  exchange: ExchangeTenant,
  { tenantId, moment, effective }: MortalExchangeOptions,
): ExchangeTenant {
  const mortal = async <Answer>({ cmdlet }: CmdletCall, write: () => Promise<Answer>): Promise<Answer> => {
    await moment(`before ${cmdlet}`);
    const answer = await write();
    effective.push(cmdlet);
    await moment(`after ${cmdlet}`);
    return answer;
  };
  return {
    tenantId,
    get: (cmdlet, identity) => exchange.get(cmdlet, identity),
    list: (cmdlet) => exchange.list(cmdlet),
    lists: (cmdlets) => exchange.lists(cmdlets),
    ask: (cmdlet, parameters) => exchange.ask(cmdlet, parameters),
    invoke: (call) => mortal(call, () => exchange.invoke(call)),
    restore: (inverse) => mortal(inverse, () => exchange.restore(inverse)),
    whyNotRestored: (inverse) => exchange.whyNotRestored(inverse),
  };
}
