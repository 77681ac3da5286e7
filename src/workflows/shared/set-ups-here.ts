import type { SetUp } from '../../core/set-up.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';
import type { World } from '../../ports/world.ts';
import { isOurs } from './ownership.ts';
import { gatewayNameOf, type MailFlow } from './tenant-reads.ts';

/** Which set-up a request names. */
export interface AskedSetUp {
  readonly domain: string;
  /** Key of the gateway; needed only where nothing else tells which of several is meant. */
  readonly gateway?: string | undefined;
}

/** A set-up whose connector is certain. */
export interface SetUpHere {
  readonly setUp: SetUp;
  readonly connector: InboundConnector;
  /** Whether the connector carries our mark; without it, it is known by its Guid. */
  readonly isMarked: boolean;
}

type IsSought = (connector: InboundConnector) => boolean;

/** The set-ups of a tenant as its connectors show them now, each list by key of the gateway. */
export interface SetUpsHere {
  readonly certain: readonly SetUpHere[];
  /** The name is there, but neither mark nor Guid tells that the connector is the one that was made. */
  readonly doubtful: readonly SetUp[];
  readonly gone: readonly SetUp[];
}

/**
 * A connector is known by its Guid, whatever was edited; or by our mark, with its name or if it is the only one. Of
 * several with our mark, one that is `sought` goes before the one that is known.
 */
export function setUpsHere(
  { setUps, inboundConnectors: connectors }: MailFlow,
  isSought: IsSought = () => false,
): SetUpsHere {
  const sorted = setUps.toSorted((one, other) => (one.gateway < other.gateway ? -1 : 1));
  const certain = sorted.flatMap((setUp) => hereNow(setUp, connectors, isSought) ?? []);
  const missing = sorted.filter((setUp) => !certain.some((one) => one.setUp === setUp));
  const isNameThere = (setUp: SetUp): boolean => connectors.some(({ Name }) => Name === setUp.connector);
  return {
    certain,
    doubtful: missing.filter(isNameThere),
    gone: missing.filter((setUp) => !isNameThere(setUp)),
  };
}

function hereNow(setUp: SetUp, connectors: readonly InboundConnector[], isSought: IsSought): SetUpHere | null {
  const marked = connectors.filter(({ Comment }) => isOurs(Comment, setUp.gateway));
  const byGuid = connectors.find(({ Guid }) => Guid === setUp.guid);
  const known = byGuid ?? markedOne(marked, setUp.connector);
  const connector = [...(known ? [known] : []), ...marked].find(isSought) ?? known;
  return connector ? { setUp, connector, isMarked: marked.includes(connector) } : null;
}

/** The connector with our mark that is meant: the one of this name, or the only one. */
export function markedOne(marked: readonly InboundConnector[], name: string): InboundConnector | undefined {
  return marked.find(({ Name }) => Name === name) ?? (marked.length === 1 ? marked[0] : undefined);
}

/** Why there is no set-up whose connector is certain, in words. */
export function whyNone(
  { certain, doubtful, gone }: SetUpsHere,
  { domain, gateway }: AskedSetUp,
  { tenant }: World,
): string {
  const isMeant = (setUp: SetUp): boolean => gateway === undefined || setUp.gateway === gateway;
  const unsure = doubtful.find(isMeant);
  if (unsure)
    return `${unsure.connector} in ${tenant.name} carries no mark of ours, and nothing else tells that Switchyard made it.`;
  const lost = gone.find(isMeant);
  if (lost) return `${lost.connector} is no longer in ${tenant.name}.`;
  const what = gateway === undefined ? 'There is no gateway set up' : `${gatewayNameOf(gateway)} is not set up`;
  const others = certain.map(({ setUp }) => gatewayNameOf(setUp.gateway)).join(', ');
  return `${what} by Switchyard for ${domain} in ${tenant.name}${others ? `, only ${others}` : ''}.`;
}
