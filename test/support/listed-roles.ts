import type { Actor, Person, Role } from '../../src/core/person.ts';
import type { PolicyDocument } from '../../src/core/policy/approval-policy.ts';
import type { PolicySource } from '../../src/core/policy/policy-source.ts';
import type { RoleSource } from '../../src/core/policy/role-source.ts';

/** Roles by the people the policy lists by name. Its groups stay unread, so that their members have no role. */
export function listedRoles(policies: PolicySource, homeTenantId: string): RoleSource {
  return {
    offersSignIn: false,
    actor: async (person) => {
      const { document } = await policies.current();
      return person.tenantId === homeTenantId ? listed(person, document) : stranger(person);
    },
    membersOf: async (ring) => (await policies.current()).document.rings[ring]?.people ?? [],
  };
}

function listed(person: Person, { requesters, operators, breakGlass, rings: all }: PolicyDocument): Actor {
  const isIn = ({ people }: { readonly people: readonly string[] }): boolean => people.includes(person.objectId);
  const rings = Object.keys(all).filter((ring) => isIn(all[ring] ?? { people: [] }));
  const roles: Role[] = [];
  if (isIn(requesters)) roles.push('requester');
  if (rings.length > 0) roles.push('approver');
  if (isIn(operators)) roles.push('operator');
  if (breakGlass && isIn(breakGlass)) roles.push('break-glass');
  return { ...person, roles, rings, isGuest: false, freshSignInAt: null };
}

/** Somebody without any role. */
function stranger(person: Person): Actor {
  return { ...person, roles: [], rings: [], isGuest: false, freshSignInAt: null };
}
