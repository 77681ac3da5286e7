import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { InvalidInputError } from './errors.ts';
import type { PolicyDocument } from './policy/approval-policy.ts';
import type { PolicySource } from './policy/policy-source.ts';
import type { ProvisioningRequest } from './request.ts';
import type { RequestEvent, Transition } from './request-event.ts';
import type { RequestStore } from './store.ts';
import { transition } from './transition.ts';
import { unreviewedOf } from './unreviewed.ts';

/** A fresh value for a card's buttons: 96 random bits. */
export function newNonce(): string {
  return randomBytes(12).toString('base64url');
}

/** Puts events through the gate and saves the result; whoever is second sees what the first one did. */
export interface Gate {
  /**
   * The transition as saved, or the refusal as recorded. Throws `InvalidInputError` for an unknown request id.
   * `seen` is the request as it was read a moment ago; an outdated one only costs a repeat.
   */
  submit(requestId: string, event: RequestEvent, seen?: ProvisioningRequest): Promise<Transition>;
}

/** How often a lost race is repeated. Each repeat means that somebody else moved the request meanwhile. */
const maximumRaces = 200;

/** The gate over a store. Compare-and-swap makes it safe with any number of processes. */
export function createGate(store: RequestStore, clock: Clock, policies: PolicySource): Gate {
  return {
    submit: async (requestId, event, seen) => {
      let before: ProvisioningRequest | Promise<ProvisioningRequest> = seen ?? load(store, requestId);
      for (let race = 0; race < maximumRaces; race += 1) {
        const [request, policy] = await Promise.all([before, policies.current()]);
        const debts = await debtsOf(store, event, policy.document);
        const result = transition(request, event, { now: clock.now(), policy, nonce: newNonce(), debts });
        if (result.kind === 'refused') {
          if (result.audit) await store.record(result.audit);
          return result;
        }
        if (await store.save(result.request, result.effects, result.audit)) return result;
        before = load(store, requestId);
      }
      throw new Error(`Request ${requestId} moved ${maximumRaces} times while one event was being saved.`);
    },
  };
}

/** Looked up only for those events that a debt stands in the way of. */
async function debtsOf(
  store: RequestStore,
  event: RequestEvent,
  document: PolicyDocument,
): Promise<readonly ProvisioningRequest[]> {
  const { type } = event;
  return type === 'approve' || type === 'deny' || type === 'break-glass'
    ? unreviewedOf(store, event.actor, document)
    : [];
}

async function load(store: RequestStore, requestId: string): Promise<ProvisioningRequest> {
  const request = await store.get(requestId);
  if (request) return request;
  throw new InvalidInputError(`There is no request ${requestId}.`, {
    operation: 'look up a request',
    next: 'Type pending to see the open requests.',
  });
}
