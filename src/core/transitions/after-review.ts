import { type BreakGlass, isAloneUnderWay, owed } from '../break-glass.ts';
import type { Audience, Notice } from '../notice.ts';
import { isOnePerson } from '../policy/one-person.ts';
import { hasHandIn } from '../policy/quorum.ts';
import type { Bar } from '../policy/who-may-decide.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { EventOf, GateContext, Transition } from '../request-event.ts';
import { utcMoment } from '../utc-moment.ts';
import { tellAnswerOwed, tellReviewed } from './answer-owed.ts';
import { audit, card, moved, personOf, tell, wrongState } from './moved.ts';
import { isDue } from './timely.ts';

type Answering = EventOf<'answer' | 'review'>;

/** After an emergency start: the person says what happened, somebody else reviews it. Both once. */
export function afterReview(
  request: ProvisioningRequest,
  event: Answering | EventOf<'remind-review'>,
  context: GateContext,
): Transition {
  const { breakGlass } = request;
  if (event.type === 'remind-review') return remindReview(request, context);
  const bar = breakGlass ? barTo(request, breakGlass, event, context) : nothingToAnswer(request);
  if (bar || !breakGlass) {
    const { code, reason } = bar ?? nothingToAnswer(request);
    const entry = { ...audit(request, event.type, event.actor, { refused: code }, 'refused'), reason };
    return { kind: 'refused', code, reason, audit: code === 'already' ? null : entry };
  }
  return event.type === 'answer'
    ? answered(request, breakGlass, event, context)
    : reviewed(request, breakGlass, event, context);
}

function answered(
  request: ProvisioningRequest,
  breakGlass: BreakGlass,
  { actor, text }: EventOf<'answer'>,
  context: GateContext,
): Transition {
  const answer = { text: text.trim(), at: context.now.toISOString() };
  const next = { ...request, breakGlass: { ...breakGlass, answer } };
  const notice: Notice = {
    kind: 'review',
    requestId: request.id,
    headline: `${request.id}: ${actor.name} has answered for the emergency start – needs a review`,
    body: `An approver other than ${actor.name} types “review ${request.id} ok”, or “review ${request.id} objection” and why.`,
    details: [`Reason then: ${breakGlass.reason}`, `What happened: ${answer.text}`],
    tone: 'attention',
    urgent: true,
  };
  const told = tell(next, `answer:${breakGlass.planVersion}`, notice, ['thread', 'operators']);
  return moved(next, context, [card(next), ...told], audit(request, 'answer', actor, { text: answer.text }));
}

function reviewed(
  request: ProvisioningRequest,
  breakGlass: BreakGlass,
  { actor, verdict, text }: EventOf<'review'>,
  context: GateContext,
): Transition {
  const review = { by: personOf(actor), verdict, text: text.trim(), at: context.now.toISOString() };
  const next = { ...request, breakGlass: { ...breakGlass, review } };
  const accepted = verdict === 'accepted';
  const notice: Notice = {
    kind: 'review',
    requestId: request.id,
    headline: `${request.id}: the emergency start was reviewed – ${accepted ? 'accepted' : 'objection'}`,
    body: accepted
      ? `${actor.name} accepts what ${breakGlass.by.name} answered. ${breakGlass.by.name} can ask and decide again.`
      : `${actor.name} objects to the emergency start by ${breakGlass.by.name}. The operators decide what follows; the objection stays on record.`,
    details: review.text === '' ? [] : [review.text],
    tone: accepted ? 'good' : 'bad',
    ...(accepted ? {} : { urgent: true }),
  };
  const audiences: Audience[] = accepted ? ['thread', 'requester'] : ['thread', 'requester', 'operators'];
  const others = tell(next, `review:${breakGlass.planVersion}`, notice, audiences);
  const told = [...tellReviewed(next, breakGlass, review), ...others];
  return moved(next, context, [card(next), ...told], audit(request, 'review', actor, { verdict, text: review.text }));
}

function remindReview(request: ProvisioningRequest, context: GateContext): Transition {
  const { breakGlass } = request;
  const missing = owed(request);
  if (!breakGlass || missing === null || !isDue(request, 'remind-review', context)) return wrongState(request);
  const next = { ...request, breakGlass: { ...breakGlass, reminded: breakGlass.reminded + 1 } };
  const { by, answerBy } = breakGlass;
  const overdue = new Date(answerBy) <= context.now;
  const due = utcMoment(answerBy);
  const notice: Notice = {
    kind: 'review',
    requestId: request.id,
    headline: `${request.id}: the emergency start by ${by.name} ${missing === 'answer' ? 'is not answered for' : 'is not reviewed'}${overdue ? ' – overdue' : ''}`,
    body:
      missing === 'answer'
        ? `${by.name} ${overdue ? 'had' : 'has'} to say what happened by ${due}: “answer ${request.id}” and what happened. Until it is reviewed ${by.name} can ask for nothing and decide on nothing.`
        : `${by.name} has said what happened. An approver other than ${by.name} types “review ${request.id} ok”, or “review ${request.id} objection” and why.`,
    details: [],
    tone: overdue ? 'bad' : 'attention',
    urgent: true,
  };
  const key = `remind-review:${breakGlass.planVersion}:${next.breakGlass.reminded}`;
  const others = tell(next, key, notice, overdue ? ['thread', 'operators'] : ['thread']);
  const inPerson = missing === 'answer' ? tellAnswerOwed(next, next.breakGlass, context.now) : [];
  return moved(next, context, [...inPerson, ...others], audit(request, 'review-reminded', null, { missing }));
}

function barTo(
  request: ProvisioningRequest,
  breakGlass: BreakGlass,
  event: Answering,
  context: GateContext,
): Bar | null {
  const isTheirs = isOnePerson(breakGlass.by, event.actor, context.policy.document);
  return event.type === 'answer'
    ? barToAnswer(request, breakGlass, isTheirs, event)
    : barToReview(request, breakGlass, isTheirs, event, context);
}

/** An answer for what has not happened yet would clear the debt before there is anything to judge. */
function notEnded(request: ProvisioningRequest): Bar | null {
  if (!isAloneUnderWay(request)) return null;
  const reason = `${request.id} has not ended yet, so nobody can say what came of it. It is answered for and reviewed once it has ended.`;
  return { code: 'wrong-state', reason };
}

function barToAnswer(
  request: ProvisioningRequest,
  { by, answer }: BreakGlass,
  isTheirs: boolean,
  { text }: EventOf<'answer'>,
): Bar | null {
  const { id } = request;
  if (!isTheirs) return { code: 'not-allowed', reason: `${by.name} started ${id} alone and has to answer for it.` };
  if (answer) return { code: 'already', reason: 'Your answer is already recorded.' };
  const early = notEnded(request);
  if (early) return early;
  if (text.trim().length >= 10) return null;
  return { code: 'reason-needed', reason: `Say what happened, in a sentence or two: “answer ${id}” and the text.` };
}

function barToReview(
  request: ProvisioningRequest,
  { by, answer, review }: BreakGlass,
  isTheirs: boolean,
  { actor, verdict, text }: EventOf<'review'>,
  { policy }: GateContext,
): Bar | null {
  if (isTheirs) return { code: 'own-request', reason: 'You started it, so somebody else has to review it.' };
  const isOurs = actor.tenantId === request.requester.tenantId && !actor.isGuest;
  if (!isOurs || !actor.roles.includes('approver') || hasHandIn(request, actor, policy.document)) {
    return { code: 'not-allowed', reason: 'An approver who neither started nor asked for it has to review it.' };
  }
  if (review) return { code: 'already', reason: `${review.by.name} has reviewed ${request.id} already.` };
  const early = notEnded(request);
  if (early) return early;
  if (!answer) return { code: 'wrong-state', reason: `${by.name} has not said yet what happened.` };
  if (verdict === 'accepted' || text.trim() !== '') return null;
  return { code: 'reason-needed', reason: `Say what you object to: “review ${request.id} objection” and why.` };
}

function nothingToAnswer({ id }: ProvisioningRequest): Bar {
  return { code: 'wrong-state', reason: `${id} was not started in an emergency, so there is nothing to answer for.` };
}
