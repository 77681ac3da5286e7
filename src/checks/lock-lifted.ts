import type { Check, Finding } from '../core/check.ts';
import { OpsError } from '../core/errors.ts';
import { refusesAllOf } from '../mail/routing/restricts.ts';
import type { InboundConnector } from '../ports/exchange-online.ts';
import type { World } from '../ports/world.ts';
import { type DirectDeliveryRefusedArgs, directDeliveryRefused } from './direct-delivery-refused.ts';

export type LockLiftedArgs = Pick<DirectDeliveryRefusedArgs, 'domain' | 'mailbox' | 'ranges'> & {
  /** Name of the inbound connector that was switched off. */
  readonly connector: string;
};

/** Mail is accepted again; or it is refused, and another connector explains that: then ours need only be off. */
export const lockLifted: Check<LockLiftedArgs, World> = {
  name: 'lock-lifted',
  title: 'Our connector refuses mail no longer',
  run: async (world, args, signal) => {
    const { domain, mailbox, ranges } = args;
    const asked = { domain, mailbox, ranges, expect: 'accepted' } as const;
    const probed = await directDeliveryRefused.run(world, asked, signal);
    const finding = probed.status === 'fail' ? await explained(world, args, probed, signal) : probed;
    const rule =
      'Office 365 must accept direct delivery again, or refuse it only because of a connector that is not ours.';
    return { ...finding, check: lockLifted.name, rule };
  },
};

async function explained(
  { exchange }: World,
  { connector, domain }: LockLiftedArgs,
  probed: Finding,
  signal?: AbortSignal,
): Promise<Finding> {
  try {
    return withLocks(await exchange.list('Get-InboundConnector', signal), { connector, domain }, probed);
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    const fact = `${probed.fact} Whether another connector refuses it could not be read: ${error.message}`;
    return { ...probed, status: 'unknown', fact, remedy: error.next };
  }
}

function withLocks(
  connectors: readonly InboundConnector[],
  { connector, domain }: Pick<LockLiftedArgs, 'connector' | 'domain'>,
  probed: Finding,
): Finding {
  if (connectors.some(({ Name, Enabled }) => Name === connector && Enabled)) {
    return { ...probed, fact: `${probed.fact} ${connector} is switched on.` };
  }
  const others = connectors.filter((one) => one.Name !== connector && refusesAllOf(one, domain));
  if (others.length === 0) return probed;
  const names = others.map(({ Name }) => Name).toSorted();
  const [verb, remedy] = [
    names.length === 1 ? 'refuses' : 'refuse',
    `Direct delivery to ${domain} stays refused until an administrator of Exchange switches off ${names.join(' and ')}.`,
  ];
  const fact = `${probed.fact} ${connector} is switched off, and ${names.join(' and ')} ${verb} it now.`;
  return { ...probed, status: 'pass', fact, remedy };
}
