import type { BreakGlass, Review } from '../break-glass.ts';
import type { Notice } from '../notice.ts';
import type { ProvisioningRequest } from '../request.ts';
import type { Effect } from '../store.ts';
import { utcMoment } from '../utc-moment.ts';
import { tell } from './moved.ts';

/** Tells whoever started a run alone, in person, that they owe an answer: when they start it, and at each reminder. */
export function tellAnswerOwed(request: ProvisioningRequest, owing: BreakGlass, now: Date): Effect[] {
  const { id } = request;
  const { answerBy, planVersion, reminded } = owing;
  const due = utcMoment(answerBy);
  const overdue = new Date(answerBy) <= now;
  const what = `your answer for the emergency start ${overdue ? 'is overdue' : `is due by ${due}`}`;
  return toThem(request, `answer-owed:${planVersion}:${reminded}`, {
    headline: `${id}: ${what}`,
    body: `You started it alone${overdue ? `, and your answer was due by ${due}` : ''}. ${reminded === 0 ? 'Once it has ended, type' : 'Type'} “answer ${id}” and what happened, in a sentence or two; somebody else then reviews it. Until that is done you can ask for nothing else and decide on nothing.`,
    details: [],
    tone: overdue ? 'bad' : 'attention',
  });
}

/** Tells them, in person, what somebody else made of their answer. */
export function tellReviewed(request: ProvisioningRequest, { planVersion }: BreakGlass, review: Review): Effect[] {
  const accepted = review.verdict === 'accepted';
  const { name } = review.by;
  const again = 'It no longer keeps you from asking for changes and deciding on them.';
  return toThem(request, `reviewed:${planVersion}`, {
    headline: `${request.id}: ${name} ${accepted ? 'accepts your answer for' : 'objects to'} your emergency start`,
    body: accepted ? again : `The operators decide what follows; the objection stays on record. ${again}`,
    details: review.text === '' ? [] : [review.text],
    tone: accepted ? 'good' : 'bad',
  });
}

function toThem(
  request: ProvisioningRequest,
  key: string,
  notice: Pick<Notice, 'headline' | 'body' | 'details' | 'tone'>,
): Effect[] {
  return tell(request, key, { kind: 'review', requestId: request.id, ...notice, urgent: true }, ['accountable']);
}
