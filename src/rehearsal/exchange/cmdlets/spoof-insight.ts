import { cloudOf } from '../../mail-flow/mail-flow.ts';
import { domainOf } from '../../mail-flow/mail-message.ts';
import { spfOf } from '../../mail-flow/spf.ts';
import type { TraceRow } from '../../mail-flow/trace.ts';
import type { Cmdlet, CmdletContext } from '../cmdlet.ts';
import { type ExchangeObject, textOf } from '../exchange-object.ts';
import { text } from '../parameter.ts';

/** What the insight looks back on. */
const WEEK = 7 * 24 * 3600 * 1000;

/** Who sent in whose name without being allowed to, as far as the trace of the last seven days tells. */
export const spoofInsightCmdlets: readonly Cmdlet[] = [
  { name: 'Get-SpoofIntelligenceInsight', parameters: { Identity: text }, run: (context) => insight(context) },
];

function insight(context: CmdletContext): ExchangeObject[] {
  const { world, tenant, now } = context;
  const { network } = cloudOf(world, now);
  const accepted = tenant.stores.acceptedDomains.stored().map((domain) => textOf(domain, 'DomainName'));
  const pairs = new Map<string, ExchangeObject>();
  for (const row of world.trace.list(tenant.id)) {
    const { FromIP: address, SenderAddress: sender, Received: seen } = row;
    if (address === null || sender === '' || Date.parse(seen) < now - WEEK) continue;
    if (spfOf(network, sender, address) === 'pass') continue;
    const pair = pairOf(row, address, network.reverse(address));
    const type = accepted.includes(domainOf(sender)) ? 'Internal' : 'External';
    if (isDecided(context, pair, type)) continue;
    const before = pairs.get(`${pair.user} ${pair.infrastructure}`);
    pairs.set(`${pair.user} ${pair.infrastructure}`, {
      SpoofedUser: pair.user,
      SendingInfrastructure: pair.infrastructure,
      MessageCount: Number(before?.['MessageCount'] ?? 0) + 1,
      LastSeen: seen,
      SpoofType: type,
      Action: 'Block',
    });
  }
  return [...pairs.values()];
}

interface Pair {
  readonly user: string;
  /** The domain of the server's name, or the /24 of one without a name. */
  readonly infrastructure: string;
  /** Under either of them somebody may have decided. */
  readonly network: string;
}

function pairOf({ SenderAddress }: TraceRow, address: string, server: string | null): Pair {
  const network = `${address.split('.').slice(0, 3).join('.')}.0/24`;
  return { user: SenderAddress, infrastructure: server?.split('.').slice(-2).join('.') ?? network, network };
}

/** Somebody who decided about a pair sees it in the allow/block list instead. */
function isDecided({ tenant, now }: CmdletContext, { user, infrastructure, network }: Pair, type: string): boolean {
  return tenant.stores.spoofItems.visible(now).some((item) => {
    const isUser = ['*', user, domainOf(user)].includes(textOf(item, 'SpoofedUser').toLowerCase());
    return (
      item['SpoofType'] === type &&
      isUser &&
      ['*', infrastructure, network].includes(textOf(item, 'SendingInfrastructure'))
    );
  });
}
