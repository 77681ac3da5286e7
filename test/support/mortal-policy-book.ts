import { policyBook } from '../../src/app/policy-book.ts';
import type { PolicyBook } from '../../src/ports/policies.ts';
import type { Mortality } from './memory-durable.ts';
import type { MemoryPolicies } from './memory-policies.ts';
import type { MemoryStore } from './memory-store.ts';
import { home } from './people.ts';

/** The policy of a tenant, around whose every change the process may die. */
export function mortalPolicyBook(
  kept: { readonly policies: MemoryPolicies; readonly requests: MemoryStore },
  tenantId: string,
  moment: Mortality['moment'],
  stillOurs?: () => Promise<void>,
): PolicyBook {
  const { offersSignIn, people } = kept.policies;
  const book = policyBook({ ...kept, people }, { tenantId, homeTenantId: home, offersSignIn }, stillOurs);
  return {
    offersSignIn: book.offersSignIn,
    people: book.people,
    latest: () => book.latest(),
    replace: async (number, document) => {
      await moment('before Set-ApprovalPolicy');
      await book.replace(number, document);
      await moment('after Set-ApprovalPolicy');
    },
  };
}
