import type { Actor, Role } from '../../src/core/person.ts';

export const home = '0b0b0b0b-0000-4000-8000-000000000001';

/** Somebody of the home tenant; who approves belongs to the ring `approvers`. */
export function person(name: string, number: string, ...roles: Role[]): Actor {
  const objectId = `11111111-0000-4000-8000-0000000000${number}`;
  const rings = roles.includes('approver') ? ['approvers'] : [];
  return { tenantId: home, objectId, name, roles, rings, isGuest: false, freshSignInAt: null };
}

export const rita = person('Rita', '01', 'requester');
export const omar = person('Omar', '02', 'requester');
export const ada = person('Ada', '11', 'approver');
export const ben = person('Ben', '12', 'approver');
/** May ask and may decide, but not about the same request. */
export const dora = person('Dora', '15', 'requester', 'approver');
/** Has no role. */
export const eve = person('Eve', '31');
