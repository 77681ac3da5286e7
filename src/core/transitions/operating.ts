import { plusSeconds } from '../clock.ts';
import { mayHold, mayOperate } from '../may-operate.ts';
import type { Notice } from '../notice.ts';
import type { ProofProgress, ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { graceSeconds, holdSeconds, type Pause, type TakeBack } from '../standstill.ts';
import { utcMoment } from '../utc-moment.ts';
import { letter } from './letter.ts';
import { audit, card, moved, personOf, tell, wrongState } from './moved.ts';
import { undoCall } from './run-call.ts';

type GoOn = EventOf<'resume' | 'retry'>;
type Operation = EventOf<'pause' | 'hold' | 'release'> | GoOn;

/** Somebody steps into a run: lets it stand still or go on, tries again, or answers for changes that are not proven. */
export function operate(request: ProvisioningRequest, event: Operation, context: GateContext): Transition {
  const barred = notAllowed(request, event);
  if (barred) {
    const entry = { ...audit(request, event.type, event.actor, {}, 'refused'), reason: barred };
    return { kind: 'refused', code: 'not-allowed', reason: barred, audit: entry };
  }
  switch (event.type) {
    case 'pause':
      return pause(request, event, context);
    case 'resume':
      return goOn(request, event, context);
    case 'retry':
      return request.state === 'undo-failed' ? undoAgain(request, event, context) : goOn(request, event, context);
    case 'hold':
      return hold(request, event, context);
    case 'release':
      return release(request, event, context);
  }
}

function notAllowed(request: ProvisioningRequest, { type, actor }: Operation): string | null {
  if (type === 'hold' || type === 'release') {
    return mayHold(actor, request) ? null : 'Only the requester, an approver or an operator can do that.';
  }
  return mayOperate(actor) ? null : 'Only an operator can do that. Type policy to see who that is.';
}

function isUnderWay({ state }: ProvisioningRequest): boolean {
  return state === 'running' || state === 'undoing';
}

function pause(request: ProvisioningRequest, event: EventOf<'pause'>, context: GateContext): Transition {
  if (!isUnderWay(request)) return wrongState(request);
  if (request.pause) return already(standsStill(request.pause));
  const { reason = '' } = event;
  const asked: Pause = {
    by: personOf(event.actor),
    at: context.now.toISOString(),
    since: null,
    reason,
    code: null,
    next: '',
  };
  const entry = audit(request, 'pause', event.actor, reason === '' ? {} : { reason });
  return moved({ ...request, pause: asked }, context, [letter(request), card(request)], entry);
}

function standsStill({ by, since }: Pause): string {
  const who = by ? `${by.name} has paused it` : 'It has paused by itself';
  return `${who}${since === null ? '; the step under way is being finished' : ''}.`;
}

/** The clock of a proof stood still as well: nobody looked, so the time does not count against it. */
function goOn(request: ProvisioningRequest, { type, actor }: GoOn, context: GateContext): Transition {
  if (!isUnderWay(request)) return wrongState(request);
  if (!request.pause) return already(`${request.id} is not paused.`);
  const { since } = request.pause;
  const seconds = since === null ? 0 : Math.max(0, (context.now.getTime() - Date.parse(since)) / 1000);
  const next: ProvisioningRequest = {
    ...request,
    pause: null,
    takeBack: request.takeBack && { ...request.takeBack, at: later(request.takeBack.at, seconds) },
    proofs: request.proofs.map((proof) => (isOpenProof(proof) ? thawed(proof, seconds) : proof)),
  };
  const entry = audit(request, type, actor, { stoodStillSeconds: Math.round(seconds) });
  return moved(next, context, [letter(request), card(request)], entry);
}

function isOpenProof({ status }: ProofProgress): boolean {
  return status === 'settling' || status === 'proving' || status === 'overdue';
}

function thawed(proof: ProofProgress, seconds: number): ProofProgress {
  return { ...proof, deadline: later(proof.deadline, seconds) };
}

function later(iso: string, seconds: number): string {
  return plusSeconds(new Date(iso), seconds).toISOString();
}

/** What is left of the changes is taken back by a run of its own. */
function undoAgain(request: ProvisioningRequest, { actor }: GoOn, context: GateContext): Transition {
  const next: ProvisioningRequest = {
    ...request,
    state: 'undoing',
    undoTries: request.undoTries + 1,
    pause: null,
  };
  const entry = audit(request, 'retry', actor, { undo: next.undoTries });
  return moved(next, context, [{ kind: 'start', call: undoCall(next) }, card(request)], entry);
}

function hold(request: ProvisioningRequest, event: EventOf<'hold'>, context: GateContext): Transition {
  const { takeBack } = request;
  if (request.state !== 'running' || !takeBack) {
    return request.state === 'running' ? nothingToHold(request) : wrongState(request);
  }
  if (takeBack.hold) return already(`${takeBack.hold.by.name} holds the changes already.`);
  if (takeBack.begun) return tooLate(request);
  const { actor, reason = '' } = event;
  const until = plusSeconds(context.now, holdSeconds).toISOString();
  const held: TakeBack = {
    ...takeBack,
    hold: { by: personOf(actor), at: context.now.toISOString(), until, reason },
  };
  const notice: Notice = {
    kind: 'held',
    requestId: request.id,
    headline: `${request.id}: ${actor.name} holds the changes, they are not taken back`,
    body: `The proof is looked for until ${utcMoment(until)}. If it has not come by then, the changes stay and the health is unknown; if it shows that the change is wrong, the changes are taken back all the same. Whoever may hold can also let go with “release ${request.id}”, or stop the run.`,
    details: reason === '' ? [] : [reason],
    tone: 'attention',
  };
  const entry = audit(request, 'hold', actor, reason === '' ? { until } : { until, reason });
  return moved(
    { ...request, takeBack: held },
    context,
    [letter(request), card(request), ...tell(request, `held:${request.revision}`, notice, ['thread', 'requester'])],
    entry,
  );
}

/** Letting go begins the grace anew, so that nothing is taken back before others have read of it. */
function release(request: ProvisioningRequest, { actor }: EventOf<'release'>, context: GateContext): Transition {
  const { takeBack } = request;
  if (request.state !== 'running') return wrongState(request);
  if (!takeBack?.hold) return already(`Nobody holds the changes of ${request.id}.`);
  const at = plusSeconds(context.now, graceSeconds).toISOString();
  const next = { ...request, takeBack: { ...takeBack, at, hold: null } };
  const notice = takeBackNotice(request, at, `${actor.name} let go of the changes, which are still not proven.`);
  return moved(
    next,
    context,
    [letter(request), card(request), ...tell(request, `released:${request.revision}`, notice, everybody)],
    audit(request, 'release', actor, { takeBackAt: at }),
  );
}

const everybody = ['thread', 'requester', 'operators'] as const;

/** Tells ahead that changes will be taken back, and how to prevent it. */
export function takeBackNotice({ id, tenant }: ProvisioningRequest, at: string, why: string): Notice {
  const time = utcMoment(at);
  return {
    kind: 'take-back',
    requestId: id,
    headline: `${id}: the changes in ${tenant.name} will be taken back at ${time} unless somebody holds them`,
    body: `${why} A change that may not act as meant does not stay by itself. The requester, an approver or an operator can press Hold on the card, or type “hold ${id}” with a reason, until ${time}.`,
    details: [],
    tone: 'attention',
  };
}

function already(reason: string): Transition {
  return { kind: 'refused', code: 'already', reason, audit: null };
}

function nothingToHold({ id }: ProvisioningRequest): Transition {
  const reason = `${id} is not about to take its changes back, so there is nothing to hold. Use pause to let it stand still.`;
  return { kind: 'refused', code: 'wrong-state', reason, audit: null };
}

function tooLate({ id }: ProvisioningRequest): Transition {
  const reason = `The changes of ${id} are already being taken back. Make a new request when that has ended.`;
  return { kind: 'refused', code: 'wrong-state', reason, audit: null };
}
