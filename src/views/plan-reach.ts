import type { Plan } from '../core/plan.ts';
import type { SenderLine, SenderTally, TraceReading } from '../core/reach.ts';
import { lines } from './lines.ts';
import { clean, counted } from './text.ts';
import { showMoment } from './time.ts';

/** How much of what a plan touches fits on the card. */
export interface ReachRoom {
  readonly lines: number;
  readonly text: number;
}

/** Whom and what a plan touches, as the card's lists. */
export function reachModel(plan: Plan, room: ReachRoom, now: Date) {
  const { reach, blastRadius } = plan;
  const touched = [...blastRadius, ...(reach ? [traceSentence(reach.trace, now)] : [])];
  const refused = reach?.trace.kind === 'read' ? reach.trace.refused : nobody;
  const admitted = reach?.trace.kind === 'read' ? reach.trace.admitted : nobody;
  const neighbours = neighbourLines(plan);
  return {
    hasReach: touched.length > 0,
    reach: lines(touched, room.lines, room.text),
    hasCutOff: refused.messages > 0,
    cutOffHeading: `✗ Would have been refused: ${sizeOf(refused)}`,
    cutOff: lines(senderLines(refused, now), room.lines, room.text),
    hasLetIn: admitted.messages > 0,
    letInHeading: `Was refused, and would come in: ${sizeOf(admitted)}`,
    letIn: lines(senderLines(admitted, now), room.lines, room.text),
    hasNeighbours: neighbours.length > 0,
    neighbours: lines(neighbours, room.lines, room.text),
  };
}

const nobody: SenderTally = { messages: 0, sources: 0, top: [] };

/** What was read of the last days and what it says, as a sentence or two. */
export function traceSentence(trace: TraceReading, now: Date): string {
  if (trace.kind === 'unknown') {
    return `Which senders and mailboxes are affected is not known, because the message trace could not be read: ${trace.because}`;
  }
  const { from, isWhole, messages, recipients, refused } = trace;
  const since = isWhole
    ? `Since ${showMoment(from, now)}`
    : `Since ${showMoment(from, now)} (there is more mail than can be read at once, so older messages are not counted)`;
  const came =
    messages === 0
      ? 'no message came from outside.'
      : `${counted(messages, 'message')} came from outside to ${counted(recipients, 'recipient')}. Mailboxes that got none are not counted: Switchyard reads no mailboxes.`;
  const judged = messages === 0 || refused.messages > 0 ? '' : ' None of them would have been refused.';
  return `${since}, ${came}${judged}`;
}

/** Each server as one line, and a last line for those that are not listed. */
export function senderLines({ top, sources }: SenderTally, now: Date): string[] {
  const rest = sources - top.length;
  return [
    ...top.map((line) => senderLine(line, now)),
    ...(rest > 0 ? [`${counted(rest, 'more address', 'more addresses')}`] : []),
  ];
}

/** The objects that act together with the changed ones, one line each. */
export function neighbourLines({ reach }: Plan): string[] {
  return (reach?.neighbours ?? []).map(({ object, why }) => `${object.kind} ${object.identity}: ${why}`);
}

/** How much mail of how many servers, e.g. `6 messages from 1 address`. */
export function sizeOf({ messages, sources }: SenderTally): string {
  return `${counted(messages, 'message')} from ${counted(sources, 'address', 'addresses')}`;
}

function senderLine(
  { address, domains, moreDomains, messages, recipients, lastSeen, isOwn, doubt }: SenderLine,
  now: Date,
) {
  const named = domains.map((domain) => (domain === '' ? 'nobody (bounces)' : clean(domain, 80)));
  const from = moreDomains > 0 ? `${named.join(', ')} and ${counted(moreDomains, 'more domain')}` : named.join(', ');
  const own = isOwn
    ? ' These are own domains: a device or a web form is refused; what people send themselves is not affected.'
    : '';
  const uncertain = doubt === null ? '' : ` Not certain: ${doubt}`;
  return `${address}: ${counted(messages, 'message')} from ${from} to ${counted(recipients, 'recipient')}, the last at ${showMoment(lastSeen, now)}.${own}${uncertain}`;
}
