import { RefusedError } from '../../core/errors.ts';
import { literal } from '../../core/powershell-literal.ts';
import { refusesAllOf } from '../../mail/routing/restricts.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';
import type { World } from '../../ports/world.ts';
import { type AskedSetUp, type SetUpHere, type SetUpsHere, setUpsHere, whyNone } from './set-ups-here.ts';
import { gatewayNameOf, type MailFlow } from './tenant-reads.ts';

/** More lines than these do not fit the card, and a tenant has a lock or two. */
const shownLines = 3;

/**
 * The set-up that an unlock is about: the one whose connector is on, because a lock holds for all domains of the tenant.
 * While anything that is not ours to switch off refuses direct delivery, an unlock is never “nothing to do”: it is
 * refused and says which line an administrator runs.
 */
export function setUpToUnlock(world: World, asked: AskedSetUp, flow: MailFlow): SetUpHere {
  const { domain, gateway } = asked;
  const refuses = (connector: InboundConnector): boolean => refusesAllOf(connector, domain);
  const here = setUpsHere(flow, refuses);
  const ours = here.certain.filter(({ setUp }) => gateway === undefined || setUp.gateway === gateway);
  const refusing = ours.filter(({ connector }) => refuses(connector));
  const on = refusing.length > 0 ? refusing : ours.filter(({ connector }) => connector.Enabled);
  if (on.length > 1) throw whichOne(on, asked);
  const [one = ours.find(({ setUp }) => setUp.domain === domain) ?? ours[0]] = on;
  const locks = flow.inboundConnectors.filter(refuses);
  if (one && (one.connector.Enabled || locks.length === 0)) return one;
  const because = one ? `${one.connector.Name} is switched off already.` : whyNone(here, asked, world);
  throw locks.length > 0 ? stillRefused(because, { domain, locks, here }) : nothingToLift(because, domain);
}

function whichOne(on: readonly SetUpHere[], { domain }: AskedSetUp): RefusedError {
  const names = on.map(({ setUp }) => gatewayNameOf(setUp.gateway)).join(' and ');
  const ways = on.map(({ setUp }) => unlockOf(domain, setUp.gateway)).join(', and ');
  return refused(
    `The connectors of ${names} are switched on, and one request switches off one.`,
    `To lift all locks, ask for each: ${ways}.`,
  );
}

interface StillOn {
  readonly domain: string;
  readonly locks: readonly InboundConnector[];
  readonly here: SetUpsHere;
}

function stillRefused(because: string, { domain, locks, here }: StillOn): RefusedError {
  const names = locks.map(({ Name }) => Name).join(', ');
  const ways = here.certain
    .filter(({ connector }) => locks.includes(connector))
    .map(({ setUp }) => `Ask for ${unlockOf(domain, setUp.gateway)}.`);
  const foreign = locks.filter((lock) => !here.certain.some(({ connector }) => connector === lock));
  const lines = foreign.slice(0, shownLines).map(turnOff).join('; ');
  const more = foreign.length > shownLines ? `; and the same for ${foreign.length - shownLines} more` : '';
  if (lines) ways.push(`An administrator of Exchange runs in Exchange Online PowerShell: ${lines}${more}`);
  return refused(`${because} Direct delivery to ${domain} is still refused by ${names}.`, ways.join(' '));
}

function nothingToLift(because: string, domain: string): RefusedError {
  return refused(
    `${because} No connector refuses direct delivery to ${domain}, so there is no lock to lift.`,
    'If mail is refused all the same, an administrator of Exchange looks it up in the message trace.',
  );
}

function unlockOf(domain: string, gateway: string): string {
  return `unlock ${domain} from ${gateway}`;
}

function turnOff({ Name }: InboundConnector): string {
  return `Set-InboundConnector -Identity ${literal(Name)} -Enabled $false`;
}

function refused(message: string, next: string): RefusedError {
  return new RefusedError(message, { operation: 'unlock', next });
}
