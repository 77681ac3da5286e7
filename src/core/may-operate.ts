import { type Actor, samePerson } from './person.ts';
import type { ProvisioningRequest } from './request.ts';

/** Whether somebody may pause, resume and retry runs: operators, and approvers, who may stop them altogether. */
export function mayOperate({ roles, isGuest }: Pick<Actor, 'roles' | 'isGuest'>): boolean {
  return !isGuest && (roles.includes('operator') || roles.includes('approver'));
}

/** Whether somebody may hold unproven changes in place, or let go of them: whoever operates runs, and the requester. */
export function mayHold(actor: Actor, { requester }: Pick<ProvisioningRequest, 'requester'>): boolean {
  return mayOperate(actor) || samePerson(requester, actor);
}
