import type { Actor, Person } from '../core/person.ts';
import { RolesUnavailableError } from '../core/policy/role-source.ts';
import type { TeamsActivity } from './activity.ts';
import type { Edge } from './edge.ts';

/** A person with what they may do now. Whoever is only visiting the conversation may ask questions and nothing else. */
export async function actorOf({ roles, roster }: Edge, activity: TeamsActivity, person: Person): Promise<Actor> {
  const { conversation, id: activityId } = activity;
  const actor = { ...(await roles.actor(person)), via: { conversation: conversation.id, activityId } };
  if (roster === null || actor.roles.length === 0 || (await roster.isAtHome(activity))) return actor;
  return { ...actor, roles: [], rings: [], isGuest: true };
}

/**
 * The same for a typed message, of which most are questions that anybody may ask: while it cannot be read what somebody
 * may do, they are answered all the same. Whatever depends on a role fails where the role is looked at, with the reason.
 */
export async function questionerOf(edge: Edge, activity: TeamsActivity, person: Person): Promise<Actor> {
  try {
    return await actorOf(edge, activity, person);
  } catch (error) {
    if (!(error instanceof RolesUnavailableError)) throw error;
    return inDoubt(person, error);
  }
}

function inDoubt(person: Person, error: RolesUnavailableError): Actor {
  return {
    ...person,
    get roles(): never {
      throw error;
    },
    get rings(): never {
      throw error;
    },
    get isGuest(): never {
      throw error;
    },
    freshSignInAt: null,
  };
}
