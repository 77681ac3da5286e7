import type { Actor, Person } from '../core/person.ts';
import type { TeamsActivity } from './activity.ts';
import type { Edge } from './edge.ts';

/** A person with what they may do now. Whoever is only visiting the conversation may ask questions and nothing else. */
export async function actorOf({ roles, roster }: Edge, activity: TeamsActivity, person: Person): Promise<Actor> {
  const actor = await roles.actor(person);
  if (roster === null || actor.roles.length === 0 || (await roster.isAtHome(activity))) return actor;
  return { ...actor, roles: [], rings: [], isGuest: true };
}
