import { isBroken } from '../break-glass.ts';
import type { Notice } from '../notice.ts';
import { holdAt, holdInWords, type StartHold } from '../policy/start-terms.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import type { AuditEntry, Effect } from '../store.ts';
import { utcMoment } from '../utc-moment.ts';
import { termsOf } from './clocked.ts';
import { confirmCall } from './confirm-call.ts';
import { card, moved, tell } from './moved.ts';
import { afterHold, runCall } from './run-call.ts';

/**
 * Enough people are for it, so the plan is confirmed. Unless something holds the start back the run is asked for along
 * with it: the first thing it does is to wait for the confirmation.
 */
export function confirmAndStart(request: ProvisioningRequest, context: GateContext, entry: AuditEntry): Transition {
  const confirming = { ...request, state: 'confirming' as const, decideBy: null };
  const confirm: Effect = { kind: 'start', call: confirmCall(confirming) };
  if (holdOf(confirming, context)) return moved(confirming, context, [confirm, card(confirming)], entry);
  const next = askedFor(confirming);
  return moved(next, context, [confirm, { kind: 'start', call: runCall(next) }, card(next)], entry);
}

/** The plan is confirmed: it starts when that is allowed, unless its run was asked for already. */
export function startConfirmed(request: ProvisioningRequest, context: GateContext, entry: AuditEntry): Transition {
  const isAskedFor = request.clocks.starts > 0 && holdOf(request, context) === null;
  return isAskedFor ? moved(request, context, [card(request)], entry) : startWhenAllowed(request, context, entry);
}

/** Each start that is asked for has a run of its own. */
function askedFor(request: ProvisioningRequest): ProvisioningRequest {
  return { ...request, clocks: { ...request.clocks, hold: null, starts: request.clocks.starts + 1 } };
}

/** An approved request starts at once, or as soon as the change windows and the freezes let it. */
export function startWhenAllowed(
  request: ProvisioningRequest,
  context: GateContext,
  entry: AuditEntry | null,
): Transition {
  const hold = holdOf(request, context);
  if (hold) return holdBack(request, hold, context, entry);
  const next = askedFor(request);
  const call = request.clocks.hold ? afterHold(runCall(next)) : runCall(next);
  return moved(next, context, [{ kind: 'start', call }, card(request)], entry);
}

/** What keeps the request from starting now. An emergency start waits for nothing. */
export function holdOf(request: ProvisioningRequest, { now, policy }: GateContext): StartHold | null {
  return isBroken(request) ? null : holdAt(termsOf(request, policy.document), now);
}

/** The request waits for its moment. Whoever waits for the change is told when that is, and when it would be too late. */
export function holdBack(
  request: ProvisioningRequest,
  hold: StartHold,
  context: GateContext,
  entry: AuditEntry | null,
): Transition {
  const terms = termsOf(request, context.policy.document);
  const { startBy } = request.clocks;
  const next = { ...request, clocks: { ...request.clocks, hold } };
  const tooLate = startBy !== null && (hold.until === null || hold.until >= startBy);
  const clock = startBy === null ? '' : `It has to start by ${utcMoment(startBy)}.`;
  const doomed =
    'That is before it may start, so it will expire and needs a new approval. Ask again closer to the time.';
  const notice: Notice = {
    kind: 'scheduled',
    requestId: request.id,
    headline: `${request.id}: approved – ${hold.until === null ? 'cannot start' : `starts at ${utcMoment(hold.until)}`}`,
    body: [holdInWords(hold, terms), clock, tooLate ? doomed : '', 'The tenant is read again just before.']
      .filter((part) => part !== '')
      .join(' '),
    details: [],
    tone: tooLate ? 'attention' : 'neutral',
  };
  const key = `scheduled:${request.planVersion}:${hold.until ?? 'never'}`;
  return moved(next, context, [card(request), ...tell(next, key, notice, ['thread', 'requester'])], entry);
}
