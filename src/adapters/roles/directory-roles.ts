import type { Clock } from '../../core/clock.ts';
import { describeError, OpsError } from '../../core/errors.ts';
import type { Actor, Person, Role } from '../../core/person.ts';
import type { PolicyDocument } from '../../core/policy/approval-policy.ts';
import type { PolicySource } from '../../core/policy/policy-source.ts';
import { type RoleSource, RolesUnavailableError } from '../../core/policy/role-source.ts';
import type { DirectoryPerson, GroupDirectory } from '../../ports/group-directory.ts';
import { groupRead } from '../../telemetry/events.ts';
import type { Logger } from '../../telemetry/log.ts';
import { type Freshness, remembered } from './remembered.ts';

export interface DirectoryRolesOptions {
  readonly policies: PolicySource;
  readonly homeTenantId: string;
  /** Null where only people who are listed by name have roles, and nobody is looked up. */
  readonly directory: GroupDirectory | null;
  readonly offersSignIn: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  /** Real milliseconds for everything a click has to wait for; Teams gives up after ten seconds. */
  readonly patienceMs?: number;
}

type Circle = PolicyDocument['requesters'];

const nobody: Circle = { people: [], groups: [] };

/** What the rule about removed people allows at most. */
const KEEP_SECONDS = 300;
const PATIENCE_MS = 5000;

/**
 * Roles by the people whom the policy lists and by the groups of the home tenant that it names. Guests, disabled
 * accounts and accounts that the directory does not know have none. Where it cannot be asked, nobody has any.
 */
export function directoryRoles(options: DirectoryRolesOptions): RoleSource {
  const lookUp = lookUpWith(options);
  const { policies, homeTenantId } = options;
  return {
    offersSignIn: options.offersSignIn,
    actor: async (person, freshness = 'usual') => {
      if (person.tenantId !== homeTenantId) return without(person, { isGuest: true });
      const { document } = await policies.current();
      return lookUp.reliably(() => actorOf(lookUp, person, document, freshness));
    },
    membersOf: async (ring) => {
      const circle = (await policies.current()).document.rings[ring];
      return circle ? lookUp.reliably(() => membersOf(lookUp, circle)) : [];
    },
  };
}

interface LookUp {
  /** Everybody in a group who may act. */
  readonly group: (id: string, freshness: Freshness) => Promise<ReadonlySet<string>>;
  /** Null for somebody whom the directory does not know; undefined where nobody is looked up. */
  readonly account: (objectId: string, freshness: Freshness) => Promise<DirectoryPerson | null | undefined>;
  readonly reliably: <Value>(work: () => Promise<Value>) => Promise<Value>;
}

function lookUpWith({ directory, clock, log, patienceMs = PATIENCE_MS }: DirectoryRolesOptions): LookUp {
  const signal = (): AbortSignal => AbortSignal.timeout(patienceMs);
  const groups = remembered({
    read: async (id) => (await (directory ?? noDirectory()).membersOf(id, signal())).filter(mayAct),
    clock,
    keepSeconds: KEEP_SECONDS,
    onRead: (group, { value, version }) => groupRead(log, { group, members: value.length, version }),
  });
  const accounts = remembered({
    read: async (objectId) => (directory ? directory.person(objectId, signal()) : undefined),
    clock,
    keepSeconds: KEEP_SECONDS,
  });
  return {
    group: async (id, freshness) => new Set((await groups(id, freshness)).value.map(({ objectId }) => objectId)),
    account: async (objectId, freshness) => (await accounts(objectId, freshness)).value,
    reliably: async (work) => {
      try {
        return await work();
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

async function actorOf(
  { group, account }: LookUp,
  person: Person,
  document: PolicyDocument,
  freshness: Freshness,
): Promise<Actor> {
  const held = await account(person.objectId, freshness);
  if (held === null) return without(person, { isGuest: false });
  if (held && !mayAct(held)) return without(person, held);
  const isIn = async ({ people, groups }: Circle): Promise<boolean> => {
    if (people.includes(person.objectId)) return true;
    const read = await Promise.all(groups.map((id) => group(id, freshness)));
    return read.some((members) => members.has(person.objectId));
  };
  const [requester, operator, emergency, ...inRings] = await Promise.all(
    [document.requesters, document.operators, document.breakGlass ?? nobody, ...Object.values(document.rings)].map(
      isIn,
    ),
  );
  const rings = Object.keys(document.rings).filter((_, index) => inRings[index]);
  const roles: Role[] = [];
  if (requester) roles.push('requester');
  if (rings.length > 0) roles.push('approver');
  if (operator) roles.push('operator');
  if (emergency) roles.push('break-glass');
  return { ...person, roles, rings, isGuest: false, freshSignInAt: null };
}

async function membersOf({ group, account }: LookUp, { people, groups }: Circle): Promise<readonly string[]> {
  const read = await Promise.all(groups.map((id) => group(id, 'usual')));
  const members = new Set(read.flatMap((one) => [...one]));
  const listed = await Promise.all(
    people.map(async (objectId) => {
      const held = await account(objectId, 'usual');
      return held === undefined || (held !== null && mayAct(held)) ? [objectId] : [];
    }),
  );
  return [...new Set([...listed.flat(), ...members])];
}

function mayAct({ isGuest, isEnabled }: DirectoryPerson): boolean {
  return isEnabled && !isGuest;
}

function without(person: Person, { isGuest }: Pick<Actor, 'isGuest'>): Actor {
  return { ...person, roles: [], rings: [], isGuest, freshSignInAt: null };
}

function noDirectory(): GroupDirectory {
  throw new RolesUnavailableError('The approval policy names groups, and Switchyard may not read any.', {
    operation: 'read a group of the home tenant',
    next: 'An operator sets HOME_DIRECTORY=graph, or lists the people in the policy by name.',
  });
}

/** Whoever cannot be looked up may do nothing, whatever the reason is. */
function unavailable(error: unknown): OpsError {
  if (error instanceof RolesUnavailableError) return error;
  if (error instanceof OpsError && error.code === 'store-unavailable') return error;
  const isSlow = error instanceof DOMException && error.name === 'TimeoutError';
  const why = isSlow ? 'Microsoft Graph did not answer in time.' : describeError(error).message;
  const mayPass = isSlow || (error instanceof OpsError && ['unavailable', 'throttled'].includes(error.code));
  const again = 'Try again in a minute.';
  return new RolesUnavailableError(`It cannot be read who may do what now, so nothing was done. ${why}`, {
    operation: 'look up what a person may do',
    next: mayPass || !(error instanceof OpsError) ? again : error.next,
    cause: error,
  });
}
