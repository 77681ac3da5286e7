import type { Fault } from '../faults.ts';
import type { RehearsalResponse } from '../http.ts';
import { realPause } from '../real-pause.ts';
import type { World } from '../world.ts';
import { failure, serviceFailure, unauthorized } from './answers.ts';
import { findAnyCmdlet, runAsColleague } from './colleague.ts';
import { badArgument } from './exchange-error.ts';
import { refuseRole } from './refuse-role.ts';
import type { Service } from './service.ts';
import type { Tenant } from './tenant.ts';

/** An answer, and what the journal calls it. */
export interface Played {
  readonly response: RehearsalResponse;
  readonly outcome: string;
}

interface Stage {
  readonly world: World;
  readonly service: Service;
  readonly tenant: Tenant;
  readonly cmdlet: string;
}

/** Plays a fault to one call; `run` is what would have happened without it. */
export async function playFault(fault: Fault, stage: Stage, run: () => Played): Promise<Played> {
  if (fault.lasting) takeAway(fault, stage);
  const instead = insteadOf(fault, stage);
  if (instead) return { response: instead, outcome: fault.kind };
  if (fault.kind === 'slow') await realPause(fault.delayMs);
  if (fault.kind === 'colleague') return withColleague(fault, stage, run);
  return afterwards(fault, run());
}

/** The right that the fault is about is gone, whoever asks. */
function takeAway(fault: Fault, { world, tenant }: Stage): void {
  if (fault.kind === 'lost-role') tenant.access.settle({ roles: [] });
  if (fault.kind === 'consent-revoked') {
    tenant.access.settle({ consent: 'revoked', exchangePermission: false, graphPermissions: [] });
  }
  world.tenants.changes.changed();
}

/** The answer of a fault that keeps the cmdlet from running. */
function insteadOf(fault: Fault, { service, cmdlet, tenant }: Stage): RehearsalResponse | null {
  switch (fault.kind) {
    case 'throttle-with-retry-after':
      return serviceFailure(429, fault.seconds);
    case 'throttle':
      return serviceFailure(429, null);
    case 'server-error-before':
      return serviceFailure(fault.status, null);
    case 'lost-role':
      return refuseRole(service, tenant, cmdlet);
    case 'consent-revoked':
      return unauthorized('2000008;reason="The application was removed from the tenant."');
    case 'tenant-concurrency':
      return failure(badArgument(TOO_MANY), tenant.switches.olderErrors);
    case 'authorization-context':
      return failure(badArgument('Unable to initialize the authorization context.'), tenant.switches.olderErrors);
    default:
      return null;
  }
}

const TOO_MANY =
  'The maximum number of concurrent requests allowed per tenant has been reached. Wait for others to end and try again.';

/** Somebody else changes something at the worst moment. */
function withColleague({ run, when, kind }: Fault, { world, tenant }: Stage, call: () => Played): Played {
  const cmdlet = run ? findAnyCmdlet(run.cmdlet) : null;
  const act = (): void => {
    if (cmdlet && run) runAsColleague(world, tenant, cmdlet, run.parameters);
  };
  if (when === 'before') act();
  const played = call();
  if (when === 'after') act();
  return { ...played, outcome: played.outcome === 'ok' ? kind : played.outcome };
}

/** What the caller gets to see once the cmdlet has run. */
function afterwards(fault: Fault, played: Played): Played {
  switch (fault.kind) {
    case 'server-error-after':
      return { response: serviceFailure(fault.status, null), outcome: fault.kind };
    case 'hang-after':
      return { response: { status: 200, hang: true }, outcome: fault.kind };
    case 'slow':
      return played;
    default:
      return { ...played, outcome: played.outcome === 'ok' ? fault.kind : played.outcome };
  }
}
