import { isAloneUnderWay, owed } from '../core/break-glass.ts';
import { nextClosing } from '../core/policy/calendar.ts';
import { type StartTerms, startOutlook } from '../core/policy/start-terms.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { clean } from './text.ts';
import { localMoment, localTime, showDuration } from './time.ts';

/** A paragraph of a card under a heading of its own. */
export type Note = {
  readonly style: 'emphasis' | 'warning' | 'attention' | 'good';
  readonly heading: string;
  readonly texts: readonly { readonly text: string }[];
};

/** What time and emergencies mean for the request, for those who read its card now. */
export function clockNotes(request: ProvisioningRequest, now: Date): { notes: Note[] } {
  return { notes: [...startNotes(request, now), ...breakGlassNotes(request)] };
}

function startNotes(request: ProvisioningRequest, now: Date): Note[] {
  const { state, clocks } = request;
  if (clocks.terms === null) return [];
  if (state === 'awaiting-approval') return [ahead(request, now)];
  const isWaiting = (state === 'approved' || state === 'confirming') && clocks.startBy !== null;
  return isWaiting ? [waiting(request, now)] : [];
}

/** Before the decision: what an approval given now would lead to. */
function ahead({ clocks }: ProvisioningRequest, now: Date): Note {
  const { terms } = clocks;
  if (terms === null) return note('emphasis', 'When it may start', []);
  const { by, hold, tooLate } = startOutlook(terms, now);
  const within = showDuration(terms.withinMinutes * 60);
  if (!hold) {
    const start = terms.windows
      ? 'A change window is open: once approved it starts at once'
      : 'Once approved it starts at once';
    return note('emphasis', 'When it may start', [
      `${start}. If it has not started within ${within}, the approval no longer counts.`,
    ]);
  }
  const late = `⚠ Approved now it would expire at ${localMoment(by)}, before it may start. Ask again closer to the time.`;
  const clock = `Approved now it has to start by ${localMoment(by)}; after that the approval no longer counts.`;
  return note(tooLate || hold.freeze ? 'warning' : 'emphasis', 'When it may start', [
    ...holdTexts(hold, terms, now),
    tooLate ? late : clock,
  ]);
}

/** After the approval: what it waits for, and until when it may. */
function waiting({ clocks }: ProvisioningRequest, now: Date): Note {
  const { hold, startBy, terms } = clocks;
  const by = startBy ?? '';
  const clock = `It has to start by ${localTime(by, now)}; after that it needs a new approval.`;
  if (!hold) return note('emphasis', 'When it starts', [clock]);
  const tooLate = hold.until === null || hold.until >= by;
  const late = `⚠ It will expire at ${localTime(by, now)}, before it may start, and then needs a new approval.`;
  return note(tooLate || hold.unclear ? 'warning' : 'emphasis', 'When it starts', [
    ...holdTexts(hold, terms, now),
    tooLate ? late : clock,
  ]);
}

type Hold = NonNullable<ProvisioningRequest['clocks']['hold']>;

function holdTexts({ until, freeze, unclear }: Hold, terms: StartTerms | null, now: Date): string[] {
  const frozen = freeze ? [`Nothing starts until ${localTime(freeze.to, now)}: ${clean(freeze.reason, 200)}`] : [];
  if (unclear !== undefined) {
    const again = until === null ? [] : [`The start is tried again at ${localTime(until, now)}.`];
    return [clean(unclear, 600), ...again];
  }
  if (until === null) {
    return [...frozen, 'The approval policy names no change window in which it could start.'];
  }
  const windows = terms?.windows ?? null;
  const closing = windows && terms ? nextClosing(windows, terms.timeZone, new Date(until)) : null;
  const closes = closing ? ` and closes at ${localMoment(closing.toISOString())}` : '';
  const opens = windows ? 'The change window opens at' : 'It starts at';
  return [...frozen, `${opens} ${localTime(until, now)}${closes}. The tenant is read again just before the start.`];
}

function breakGlassNotes(request: ProvisioningRequest): Note[] {
  const { breakGlass } = request;
  if (!breakGlass) return [];
  const { by, at, reason, answerBy, answer, review } = breakGlass;
  const name = clean(by.name, 80);
  const missing = owed(request);
  const texts = [
    `${name} started it alone at ${localMoment(at)}; missing approvals, change windows and freezes were passed over.`,
    `Reason: ${clean(reason, 300)}`,
    answer
      ? `What happened: ${clean(answer.text, 300)}`
      : `${isAloneUnderWay(request) ? `Once it has ended ${name}` : name} has to say what happened by ${localMoment(answerBy)}.`,
    ...(answer && !review ? [`An approver other than ${name} has to review the answer.`] : []),
    ...(review ? [reviewText(review)] : []),
  ];
  const style = missing === null ? (review?.verdict === 'objection' ? 'warning' : 'emphasis') : 'attention';
  return [note(style, '⚠ Break-glass', texts)];
}

function reviewText({
  by,
  verdict,
  text,
  at,
}: NonNullable<NonNullable<ProvisioningRequest['breakGlass']>['review']>): string {
  const said = text === '' ? '' : `: ${clean(text, 300)}`;
  const did = verdict === 'accepted' ? 'accepted it' : 'objected';
  return `Reviewed by ${clean(by.name, 80)} at ${localMoment(at)}, who ${did}${said}`;
}

function note(style: Note['style'], heading: string, texts: readonly string[]): Note {
  return { style, heading, texts: texts.map((text) => ({ text })) };
}
