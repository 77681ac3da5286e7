import type { Audience, Notice } from '../notice.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import type { TakeBack } from '../standstill.ts';
import { utcMoment } from '../utc-moment.ts';
import { audit, card, moved, tell, wrongState } from './moved.ts';
import { takeBackNotice } from './operating.ts';

type Report = EventOf<'paused' | 'still-paused' | 'overdue' | 'take-back'>;

const everybody: readonly Audience[] = ['thread', 'requester', 'operators'];

/** A run reports that it stands still, or that its changes are about to be taken back. */
export function standStillEvent(request: ProvisioningRequest, event: Report, context: GateContext): Transition {
  if (request.state !== 'running' && request.state !== 'undoing') return wrongState(request);
  switch (event.type) {
    case 'paused':
      return event.error ? byItself(request, event.error, context) : asAsked(request, context);
    case 'still-paused':
      return remind(request, context);
    case 'overdue':
      return announce(request, event, context);
    case 'take-back':
      return begin(request, context);
  }
}

/** The step under way has ended, so that now nothing more is written. */
function asAsked(request: ProvisioningRequest, context: GateContext): Transition {
  const { pause } = request;
  if (!pause) return already(`${request.id} is not to be paused any more.`);
  if (pause.since !== null) return already(`${request.id} stands still already.`);
  const since = context.now.toISOString();
  const by = pause.by?.name ?? 'Switchyard';
  const notice: Notice = {
    kind: 'paused',
    requestId: request.id,
    headline: `${request.id}: paused by ${by}`,
    body: `Nothing more is written in ${request.tenant.name} until an operator resumes it. What is done so far stays; the other requests for this tenant wait.`,
    details: pause.reason === '' ? [] : [pause.reason],
    tone: 'attention',
    urgent: false,
  };
  return moved(
    { ...request, pause: { ...pause, since } },
    context,
    [card(request), ...tell(request, `paused:${pause.at}`, notice, ['thread', 'requester'])],
    audit(request, 'paused', null, {}),
  );
}

/** An error that would stop the undo as well: the run waits for a person where it is. */
function byItself(
  request: ProvisioningRequest,
  { code, message, next }: NonNullable<EventOf<'paused'>['error']>,
  context: GateContext,
): Transition {
  if (request.pause?.code) return already(`${request.id} stands still already.`);
  // Whoever asked to stop has decided already: what cannot be taken back is told to people then.
  if (request.stopRequestedBy) return wrongState(request);
  const at = context.now.toISOString();
  const asked = request.pause?.by ?? null;
  const pause = { by: asked, at: request.pause?.at ?? at, since: at, reason: message, code, next };
  const notice: Notice = {
    kind: 'paused',
    requestId: request.id,
    headline: `${request.id}: paused by itself in ${request.tenant.name}, a person is needed`,
    body: `${message} Taking back what is done would fail for the same reason, so the run stands where it is and holds the tenant. ${next} Then an operator presses Try again${canStop(request) ? ', or Stop and roll back' : ''}.`,
    details: request.steps.map(({ title, status }) => `${title}: ${status}`),
    tone: 'bad',
  };
  return moved(
    { ...request, pause },
    context,
    [card(request), ...tell(request, `paused:${at}`, notice, everybody)],
    audit(request, 'paused', null, { code }),
  );
}

/** What is being taken back already cannot be stopped. */
function canStop({ state }: ProvisioningRequest): boolean {
  return state === 'running';
}

function remind(request: ProvisioningRequest, context: GateContext): Transition {
  const { pause } = request;
  if (!pause?.since) return already(`${request.id} is not paused.`);
  const notice: Notice = {
    kind: 'paused',
    requestId: request.id,
    headline: `${request.id}: still paused in ${request.tenant.name}`,
    body: `It has stood still since ${utcMoment(pause.since)}, and the other requests for this tenant wait. An operator can let it go on${canStop(request) ? '; an operator, its requester or an approver can stop it and roll back' : ''}.`,
    details: [pause.reason, pause.next].filter((line) => line !== ''),
    tone: 'attention',
  };
  const key = `still-paused:${context.now.toISOString()}`;
  return moved(request, context, tell(request, key, notice, everybody), null);
}

function announce(request: ProvisioningRequest, event: EventOf<'overdue'>, context: GateContext): Transition {
  if (request.takeBack?.proof === event.index) return already('The taking back is announced already.');
  const takeBack: TakeBack = { proof: event.index, at: event.at, begun: false, hold: null };
  const why = `“${event.title}” could not be proven in time. Last seen: ${event.fact}`;
  const notice = takeBackNotice(request, event.at, why);
  return moved(
    { ...request, takeBack },
    context,
    [card(request), ...tell(request, `take-back:${event.index}`, notice, everybody)],
    audit(request, 'overdue', null, { proof: event.index, takeBackAt: event.at }),
  );
}

/** From here on nobody can hold the changes; whoever was quicker counts. */
function begin(request: ProvisioningRequest, context: GateContext): Transition {
  const { takeBack } = request;
  if (!takeBack) return wrongState(request);
  if (takeBack.begun) return already('It has begun already.');
  if (takeBack.hold) {
    const reason = `${takeBack.hold.by.name} holds the changes of ${request.id}.`;
    return { kind: 'refused', code: 'wrong-state', reason, audit: null };
  }
  if (context.now < new Date(takeBack.at)) {
    const reason = `The changes of ${request.id} are not taken back before ${takeBack.at}.`;
    return { kind: 'refused', code: 'wrong-state', reason, audit: null };
  }
  const next = { ...request, takeBack: { ...takeBack, begun: true } };
  return moved(next, context, [card(request)], audit(request, 'take-back', null, { proof: takeBack.proof }));
}

function already(reason: string): Transition {
  return { kind: 'refused', code: 'already', reason, audit: null };
}
