import type { ProvisioningRequest } from '../core/request.ts';
import { clean } from './text.ts';

/** What stands at the top of every card of a request. */
export function requestHead(request: ProvisioningRequest) {
  return {
    where: `${request.id} · ${clean(request.tenant.name, 80)}`,
    title: clean(request.title, 200),
    requester: clean(request.requester.name, 80) || 'somebody without a name',
  };
}
