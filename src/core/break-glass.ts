import type { Person } from './person.ts';
import type { Plan } from './plan.ts';
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
export type Reviewed = Pick<ProvisioningRequest, 'id' | 'state' | 'plan' | 'planVersion' | 'breakGlass'>;

/**
 * Whether a plan changes the approval policy. No emergency is a reason for that: whoever did it alone could name a
 * second account of their own as everybody who has to agree. The way out is `APPROVAL_POLICY_RESET`.
 */
export function changesThePolicy(plan: Pick<Plan, 'changes'> | null): boolean {
  return plan?.changes.some(({ object }) => object.kind === 'ApprovalPolicy') ?? false;
}

/** Whether the current plan of a request was started by one person alone, and is one that may be. */
export function isBroken({
  breakGlass,
  planVersion,
  plan,
}: Pick<ProvisioningRequest, 'breakGlass' | 'planVersion' | 'plan'>): boolean {
  return breakGlass?.planVersion === planVersion && !changesThePolicy(plan);
}

/** Whether it is at a point where one person could start it alone: what nobody can tell, nobody can pass over. */
export function mayBeStartedAlone({
  state,
  clocks,
  plan,
}: Pick<ProvisioningRequest, 'state' | 'clocks' | 'plan'>): boolean {
  if (changesThePolicy(plan)) return false;
  return (
    state === 'awaiting-approval' || (state === 'approved' && clocks.hold !== null && clocks.hold.unclear === undefined)
  );
}

/** Whether what one person started alone has not ended yet: before that nobody can say what came of it. */
export function isAloneUnderWay(request: Omit<Reviewed, 'id'>): boolean {
  const { state } = request;
  return isBroken(request) && (state === 'confirming' || state === 'approved' || state === 'running');
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
  const when = isAloneUnderWay(first) ? 'Once it has ended, type' : 'Type';
  return owed(first) === 'answer'
    ? `${since} and have not said yet what happened. ${when} “answer ${first.id}” and what happened; until somebody else has reviewed it you can neither ask for changes nor decide on any.`
    : `${since}; your answer waits for a review. Ask another approver to type “review ${first.id} ok” or “review ${first.id} objection” and why; until then you can neither ask for changes nor decide on any.`;
}
