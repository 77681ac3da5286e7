import { isBroken } from '../break-glass.ts';
import { plusSeconds } from '../clock.ts';
import { OpsError } from '../errors.ts';
import { type Person, samePerson } from '../person.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { RunStarted, StartUnclear } from '../request-event.ts';
import type { RunServices } from '../run-services.ts';
import { StoreUnavailableError } from '../store.ts';

/** Product seconds between two attempts to read the approvers' rights, and how many there are. */
const askAgainSeconds = 15;
const attempts = 4;

/** The start of a run, with what everybody who asked for it or approved it may do at this moment, or why nobody knows. */
export async function runStarted(
  { roles, clock }: Pick<RunServices<unknown>, 'roles' | 'clock'>,
  request: ProvisioningRequest,
): Promise<RunStarted | StartUnclear> {
  const votes = request.decisions.filter(({ verdict, voided }) => verdict === 'approve' && !voided);
  const alone = isBroken(request) && request.breakGlass ? [request.breakGlass.by] : [];
  const approvers = distinct([...votes.map(({ by }) => by), ...alone]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [requester, ...actors] = await Promise.all([
        roles.actor(request.requester, 'now'),
        ...approvers.map((person) => roles.actor(person, 'now')),
      ]);
      return { type: 'run-started', requester, approvers: actors };
    } catch (error) {
      if (!(error instanceof OpsError) || error instanceof StoreUnavailableError) throw error;
      if (attempt === attempts) {
        const { code, message, next } = error;
        return { type: 'start-unclear', outcome: { code, message, next, left: [] } };
      }
      await clock.until(plusSeconds(clock.now(), askAgainSeconds));
    }
  }
}

function distinct(people: readonly Person[]): Person[] {
  return people.filter((one, index) => people.findIndex((other) => samePerson(other, one)) === index);
}
