import { RefusedError } from '../../core/errors.ts';
import type { SetUp } from '../../core/set-up.ts';
import { isGatewayMx } from '../../mail/mx.ts';
import type { World } from '../../ports/world.ts';
import { markLine } from './ownership.ts';
import { type AskedSetUp, type SetUpHere, type SetUpsHere, setUpsHere, whyNone } from './set-ups-here.ts';
import { gatewayNameOf, type MailFlow } from './tenant-reads.ts';

/** The set-up that a lock-down is about: of several, the one whose gateway the MX of the domain points at. */
export async function setUpToLock(world: World, asked: AskedSetUp, flow: MailFlow): Promise<SetUpHere> {
  const here = setUpsHere(flow);
  const { gateway } = asked;
  const choices = here.certain.filter(({ setUp }) => gateway === undefined || setUp.gateway === gateway);
  const one = choices.length > 1 ? await byMx(world, asked, choices) : choices[0];
  if (!one) throw noneFits(here, asked, world);
  if (!one.isMarked) throw unmarked(one.setUp.gateway, one.connector.Name, world);
  return one;
}

async function byMx(world: World, { domain }: AskedSetUp, choices: readonly SetUpHere[]): Promise<SetUpHere> {
  const views = await world.dns.mx(domain);
  const hosts = [...new Set(views.flatMap(({ records }) => records.map(({ exchange }) => exchange)))].toSorted();
  const fitting = choices.filter(({ setUp }) => hosts.some((host) => isGatewayMx(host, setUp.mxPatterns)));
  const [one] = fitting;
  if (one && fitting.length === 1) return one;
  const asking = fitting.length > 0 ? fitting : choices;
  const names = asking.map(({ setUp }) => gatewayNameOf(setUp.gateway)).join(' and ');
  const where = hosts.length > 0 ? `points at ${hosts.join(', ')}` : 'is not known';
  const ways = asking.map(({ setUp }) => `lock down ${domain} to ${setUp.gateway}`).join(', or ');
  throw refused(
    `Several gateways are set up, ${names}, and the MX of ${domain} ${where}, which does not tell which one is meant.`,
    `Ask again and name it: ${ways}.`,
  );
}

function noneFits(here: SetUpsHere, asked: AskedSetUp, world: World): RefusedError {
  const { domain, gateway } = asked;
  const isMeant = (setUp: SetUp): boolean => gateway === undefined || setUp.gateway === gateway;
  const unsure = here.doubtful.find(isMeant);
  if (unsure) return unmarked(unsure.gateway, unsure.connector, world);
  const key = here.gone.find(isMeant)?.gateway ?? gateway ?? '<name>';
  return refused(whyNone(here, asked, world), `Ask for it first: set up gateway ${key} for ${domain}.`);
}

/** A lock can lose mail, so it is turned on only where the tenant itself says that the connector is ours. */
function unmarked(gateway: string, name: string, world: World): RefusedError {
  return refused(
    `The connector ${name} in ${world.tenant.name} no longer carries our mark in its comment, so it is not switched on.`,
    `If it still is the one made with Switchyard, an administrator of Exchange puts the mark back in Exchange Online PowerShell, then ask again: ${markLine(name, gateway)}`,
  );
}

function refused(message: string, next: string): RefusedError {
  return new RefusedError(message, { operation: 'lock-down', next });
}
