import { z } from 'zod/v4';
import { type OpsError, RejectedError, TenantAccessError, UnavailableError } from '../../core/errors.ts';
import type { DirectoryPerson, GroupDirectory } from '../../ports/group-directory.ts';
import { type GraphCall, GraphCalls, type GraphOptions } from './graph-calls.ts';
import { GraphNotFoundError } from './graph-failure.ts';

export interface GroupDirectoryOptions extends GraphOptions {
  readonly homeTenantId: string;
}

/** A circle of this size is no circle of approvers, and reading it takes longer than a click may. */
const MOST_MEMBERS = 5000;
const FIELDS = 'id,displayName,userType,accountEnabled';

// What we may not read comes as null. It is never taken for "no guest" or "enabled".
const user = z.object({
  id: z.guid().toLowerCase(),
  displayName: z.string().max(500).nullish(),
  userType: z.string().max(50).nullish(),
  accountEnabled: z.boolean().nullish(),
});
const member = z.object({ '@odata.type': z.string().nullish() });

/** People and groups of the home tenant over Microsoft Graph, read with the bot's own registration. */
export function createGroupDirectory(options: GroupDirectoryOptions): GroupDirectory {
  const calls = new GraphCalls(options.homeTenantId, options);
  return {
    membersOf: (groupId, signal) => understood('read a group', () => membersOf(calls, groupId, signal)),
    person: (objectId, signal) => understood('read a person', () => personOf(calls, objectId, signal)),
  };
}

/**
 * Not through the cast to users: that answers from an index which lags behind, and somebody who was removed must be
 * gone at once.
 */
async function membersOf(
  calls: GraphCalls,
  groupId: string,
  signal: AbortSignal | undefined,
): Promise<readonly DirectoryPerson[]> {
  const found = await calls.list({
    title: 'read the members of a group',
    permission: 'GroupMember.Read.All',
    path: `/groups/${encodeURIComponent(groupId)}/transitiveMembers`,
    query: { $select: FIELDS, $top: '999' },
    signal,
  });
  const people = found.filter((one) => member.parse(one)['@odata.type'] === '#microsoft.graph.user');
  if (people.length > MOST_MEMBERS) {
    throw new RejectedError(`The group ${groupId} has ${people.length} people, more than ${MOST_MEMBERS}.`, {
      operation: 'read a group of the home tenant',
      next: 'Name a smaller group in the approval policy.',
    });
  }
  return people.map(personFrom);
}

async function personOf(
  calls: GraphCalls,
  objectId: string,
  signal: AbortSignal | undefined,
): Promise<DirectoryPerson | null> {
  const call: GraphCall = {
    title: 'read a person',
    permission: 'User.Read.All',
    path: `/users/${encodeURIComponent(objectId)}`,
    query: { $select: FIELDS },
    signal,
  };
  try {
    return personFrom(await calls.get(call));
  } catch (error) {
    if (error instanceof GraphNotFoundError) return null;
    throw error;
  }
}

function personFrom(value: unknown): DirectoryPerson {
  const { id, displayName, userType, accountEnabled } = user.parse(value);
  if (typeof userType !== 'string' || typeof accountEnabled !== 'boolean') {
    throw new TenantAccessError('Microsoft Graph does not tell us who is a guest and who may sign in.', {
      operation: 'read a person of the home tenant',
      next: "An administrator of the home tenant grants User.Read.All to the bot's registration.",
      reason: 'app-role',
    });
  }
  return {
    objectId: id,
    name: displayName ?? '',
    isGuest: userType.toLowerCase() !== 'member',
    isEnabled: accountEnabled,
  };
}

/** The same errors in the words of the home tenant: here nobody has to consent for a customer. */
async function understood<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const operation = `${what} of the home tenant`;
  try {
    return await work();
  } catch (error) {
    if (error instanceof z.ZodError) {
      throw new UnavailableError('Microsoft Graph described a person in a way we do not understand.', {
        operation,
        next: 'Nobody gets a role from it. Developers find the field in the log.',
        cause: error,
      });
    }
    if (error instanceof GraphNotFoundError) {
      throw new RejectedError('A group of the approval policy does not exist in the home tenant.', {
        operation,
        next: 'Whoever looks after the approval policy corrects the id of the group.',
        cause: error,
      });
    }
    if (error instanceof TenantAccessError && error.cause !== undefined) throw notAllowed(error, operation);
    throw error;
  }
}

function notAllowed(error: TenantAccessError, operation: string): OpsError {
  return new TenantAccessError(`The home tenant does not let us read its people and groups: ${error.message}`, {
    operation,
    next: "An administrator of the home tenant grants GroupMember.Read.All and User.Read.All to the bot's registration.",
    reason: error.reason,
    cause: error,
  });
}
