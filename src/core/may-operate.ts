import { type Actor, samePerson } from './person.ts';
import type { ProvisioningRequest } from './request.ts';

/** Whether somebody may pause, resume, retry and stop runs: the operators of the policy, who are the approvers if it names none. */
export function mayOperate({ roles, isGuest }: Pick<Actor, 'roles' | 'isGuest'>): boolean {
  return !isGuest && roles.includes('operator');
}

/** Whether somebody may hold unproven changes in place, or let go of them: the requester, approvers and operators. */
export function mayHold(actor: Actor, { requester }: Pick<ProvisioningRequest, 'requester'>): boolean {
  return mayOperate(actor) || (!actor.isGuest && actor.roles.includes('approver')) || samePerson(requester, actor);
}
