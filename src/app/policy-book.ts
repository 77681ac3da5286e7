import { RefusedError, UnavailableError } from '../core/errors.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { RequestStore } from '../core/store.ts';
import { unlessTakenOver } from '../core/taken-over.ts';
import type { PeopleNames } from '../ports/people-names.ts';
import type { PolicyBook } from '../ports/policies.ts';

/** The tenant that changes of Switchyard itself belong to, so that they run one after another like everybody else's. */
export function homeOf(tenantId: string): { readonly id: string; readonly name: string } {
  return { id: tenantId, name: 'Switchyard itself' };
}

/** What a policy book is made of. */
interface PolicyBookStores {
  readonly policies: PolicyStore;
  readonly requests: RequestStore;
  readonly people: Pick<PeopleNames, 'of'>;
}

/** Where a policy book is used, and whether people can sign in afresh here. */
interface PolicyBookOptions {
  readonly tenantId: string;
  readonly homeTenantId: string;
  readonly offersSignIn: boolean;
}

/**
 * The approval policy as runs in one tenant may change it: those in the home tenant only, and while they are ours.
 * Planning passes no `stillOurs` and may only read.
 */
export function policyBook(
  { policies, requests, people }: PolicyBookStores,
  { tenantId, homeTenantId, offersSignIn }: PolicyBookOptions,
  stillOurs?: () => Promise<void>,
): PolicyBook {
  return {
    offersSignIn,
    people,
    latest: () => policies.latest(),
    replace: async (number, document) => {
      if (!stillOurs || tenantId !== homeTenantId) throw notHere();
      const running = await requests.list({ tenantId, states: ['running', 'undoing'] });
      const run = running.find(({ workflow }) => workflow === 'change-approval-policy');
      if (!run) throw notHere();
      await unlessTakenOver(stillOurs());
      if (await policies.add(number, document, run.id)) return;
      throw new UnavailableError('Somebody else changed the approval policy in this moment.', {
        operation: 'Set-ApprovalPolicy',
        next: 'It is tried again.',
      });
    },
  };
}

function notHere(): RefusedError {
  return new RefusedError('The approval policy is changed by an approved request only.', {
    operation: 'Set-ApprovalPolicy',
    next: 'Type “change policy” to ask for a change.',
  });
}
