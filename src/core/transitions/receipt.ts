import type { Notice } from '../notice.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { Effect } from '../store.ts';
import { utcMoment } from '../utc-moment.ts';

/**
 * Tells whoever has just decided, in person, what was recorded in their name: somebody whose session another one uses
 * sees there what they never clicked. Quiet, and for nobody else; without a chat of theirs it is not told at all.
 */
export function receipt({ id, title, tenant, plan, planVersion, decisions }: ProvisioningRequest): Effect[] {
  const decision = decisions.at(-1);
  if (!decision) return [];
  const { by, at, verdict, digest } = decision;
  const [noun, did] = verdict === 'approve' ? ['approval', 'approved'] : ['denial', 'denied'];
  const fingerprint = (plan?.digest ?? digest).slice(0, 12).replaceAll(/(.{4})(?=.)/gu, '$1 ');
  const stop = verdict === 'approve' ? `Type “stop ${id}” at once, and tell` : 'Tell';
  const notice: Notice = {
    kind: 'receipt',
    requestId: id,
    headline: `${id}: your ${noun} was recorded`,
    body: `You ${did} “${title}” for ${tenant.name}, fingerprint ${fingerprint}, at ${utcMoment(at)}. If that was not you, somebody else acts with your account. ${stop} the operators and whoever looks after your account.`,
    details: [],
    tone: 'neutral',
  };
  const key = `receipt:${planVersion}:${decisions.length}`;
  return [{ kind: 'notice', id: `${id}:${key}:decider`, audience: 'decider', notice, to: by }];
}
