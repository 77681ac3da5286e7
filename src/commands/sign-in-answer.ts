import { samePerson } from '../core/person.ts';
import { ruleFor } from '../core/policy/approval-policy.ts';
import { isFresh, quorumOf } from '../core/policy/quorum.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Transition } from '../core/request-event.ts';
import { signInCard } from '../views/sign-in.ts';
import type { Services } from './command.ts';
import type { ActionAnswer, ActionTurn } from './turn.ts';

/** What an Approve button carried. */
interface Button {
  readonly digest: string;
  readonly nonce: string;
}

/**
 * Where an approval does not count, or not alone, without a fresh sign-in: a card with the way to one. Null where a
 * sign-in would change nothing, or nobody can be asked for one.
 */
export async function signInAnswer(
  services: Services,
  turn: ActionTurn,
  button: Button,
  outcome: { readonly before: ProvisioningRequest; readonly result: Transition },
): Promise<ActionAnswer | null> {
  const { before, result } = outcome;
  const request = result.kind === 'moved' ? result.request : before;
  const standing = await whatIsMissing(services, turn, request, result);
  if (standing === null || services.signIns === null) return null;
  const { tenantId, objectId, name } = turn.actor;
  const { digest, nonce } = button;
  const purpose = { kind: 'decision', requestId: request.id, verdict: 'approve', digest, nonce } as const;
  const { url, validForSeconds } = await services.signIns.begin({ tenantId, objectId, name, purpose });
  const card = signInCard({
    requestId: request.id,
    title: request.title,
    tenant: request.tenant.name,
    digest,
    nonce,
    standing,
    url: url.href,
    validForMinutes: Math.floor(validForSeconds / 60),
  });
  return { kind: 'card', card };
}

/** Null when a sign-in of this person would not bring the approval further. */
async function whatIsMissing(
  { policies }: Services,
  { actor }: ActionTurn,
  request: ProvisioningRequest,
  result: Transition,
): Promise<string | null> {
  if (result.kind === 'refused' && result.code === 'sign-in-needed') return result.reason;
  const isCounted = result.kind === 'moved' || result.code === 'already';
  if (!isCounted || request.state !== 'awaiting-approval') return null;
  const policy = await policies.current();
  const { proofOfPerson, quorum } = ruleFor(policy.document, request.plan?.risk ?? 'high');
  const { approvals, standing } = quorumOf(request, policy);
  const own = approvals.find(({ by }) => samePerson(by, actor));
  if (proofOfPerson !== 'fresh-sign-in-or-two' || !own || isFresh(own)) return null;
  // A fresh sign-in is worth a second click, and no more: where others are needed anyway it changes nothing.
  if (approvals.length < quorum) return null;
  return `Your approval counts. ${standing} Sign in and approve again, and nobody else has to.`;
}
