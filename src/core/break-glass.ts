import type { Person } from './person.ts';
import type { ProvisioningRequest } from './request.ts';

/** A run that one person started alone in an emergency, and how they answered for it. */
export interface BreakGlass {
  readonly by: Person;
  /** ISO time. */
  readonly at: string;
  /** Why it could not wait, in the person's words. */
  readonly reason: string;
  /** The plan it was for; it counts for no other one. */
  readonly planVersion: number;
  readonly digest: string;
  /** ISO time by which the person must have said what happened. */
  readonly answerBy: string;
  readonly answer: { readonly text: string; readonly at: string } | null;
  readonly review: Review | null;
  /** How often the person, and then others, were reminded of the answer or the review. */
  readonly reminded: number;
}

/** What a second person made of the answer. */
export interface Review {
  readonly by: Person;
  readonly verdict: 'accepted' | 'objection';
  /** Empty when the reviewer had nothing to add. */
  readonly text: string;
  /** ISO time. */
  readonly at: string;
}

/** A request as far as the review after break-glass is concerned. */
export interface Reviewed {
  readonly id: string;
  readonly breakGlass: BreakGlass | null;
}

/** Whether the current plan of a request was started by one person alone. */
export function isBroken({
  breakGlass,
  planVersion,
}: Pick<ProvisioningRequest, 'breakGlass' | 'planVersion'>): boolean {
  return breakGlass?.planVersion === planVersion;
}

/** Whether it is at a point where one person could start it alone. */
export function mayBeStartedAlone({ state, clocks }: Pick<ProvisioningRequest, 'state' | 'clocks'>): boolean {
  return state === 'awaiting-approval' || (state === 'approved' && clocks.hold !== null);
}

/** Whether it may be startable alone in a moment, because its plan is being made or compared. */
export function isBetween({ state }: Pick<ProvisioningRequest, 'state'>): boolean {
  return state === 'planning' || state === 'confirming';
}

/** Under which the cards are remembered that ask whether to start a request alone, beside the cards of the request. */
export function startAloneCardKey(requestId: string): string {
  return `start-alone:${requestId}`;
}

/** What is still owed for an emergency start; null when it is answered for and reviewed, or there was none. */
export function owed({ breakGlass }: Pick<Reviewed, 'breakGlass'>): 'answer' | 'review' | null {
  if (!breakGlass || breakGlass.review) return null;
  return breakGlass.answer ? 'review' : 'answer';
}

/** Why somebody may ask for nothing and decide nothing at present, as sentences; null when they owe nothing. */
export function debtOf(unreviewed: readonly Reviewed[]): string | null {
  const first = unreviewed.find((one) => owed(one) === 'answer') ?? unreviewed.find((one) => owed(one) !== null);
  if (!first?.breakGlass) return null;
  const since = `You started ${first.id} alone on ${first.breakGlass.at.slice(0, 16).replace('T', ' at ')} UTC`;
  return owed(first) === 'answer'
    ? `${since} and have not said yet what happened. Type “answer ${first.id}” and what happened; until somebody else has reviewed it you can neither ask for changes nor decide on any.`
    : `${since}; your answer waits for a review. Ask another approver to type “review ${first.id} ok” or “review ${first.id} objection” and why; until then you can neither ask for changes nor decide on any.`;
}
