import type { ProvisioningRequest } from '../core/request.ts';
import { clean } from './text.ts';

/** What a request waits for in its tenant, and the quicker way for somebody who cannot wait. */
export function behindModel({ behind, workflow }: ProvisioningRequest) {
  if (!behind) return { isBehind: false, behind: '' };
  const effect =
    workflow === 'unlock' && behind.workflow === 'lock-down'
      ? 'stops it and takes the lock off at once'
      : 'stops it and takes back what it did';
  const waits = `One run at a time changes a tenant, so this one starts when ${behind.id} (${clean(behind.title, 120)}) has ended.`;
  const quicker = `Quicker: its requester, an approver or an operator types “cancel ${behind.id}”, which ${effect}.`;
  return { isBehind: true, behind: `${waits} ${quicker}` };
}
