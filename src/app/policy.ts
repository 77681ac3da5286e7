import type { Config } from '../config/config.ts';
import type { Person, Role } from '../core/person.ts';

/** What an approval must satisfy. */
export function policyOf(config: Config): { version: string; decideWithinSeconds: number } {
  return { version: 'one-other-approver@1', decideWithinSeconds: config.decideWithinMinutes * 60 };
}

/** Who may do what, as configured. */
export function rolesFrom({ roles, bot }: Config): (person: Person) => readonly Role[] {
  return ({ tenantId, objectId }) => {
    if (tenantId !== bot.tenantId) return [];
    const held: Role[] = [];
    if (roles.requesters.includes(objectId)) held.push('requester');
    if (roles.approvers.includes(objectId)) held.push('approver');
    return held;
  };
}
