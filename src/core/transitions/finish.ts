import type { Audience, Notice } from '../notice.ts';
import type { Outcome, ProvisioningRequest } from '../request.ts';
import type { GateContext, Transition } from '../request-event.ts';
import type { AuditEntry } from '../store.ts';
import { audit, card, moved, tell } from './moved.ts';

/** Ends a request: its outcome goes onto the card and to the people who wait for it. */
export function finish(
  request: ProvisioningRequest,
  state: ProvisioningRequest['state'],
  outcome: Outcome,
  context: GateContext,
  entry: string | AuditEntry,
  announce: readonly [Notice['kind'], Notice['tone']] = ['finished', 'neutral'],
  audiences: readonly Audience[] = ['thread', 'requester'],
): Transition {
  const ended = { ...request, state, outcome, decideBy: null, pause: null, takeBack: null };
  const [kind, tone] = announce;
  const notice: Notice = {
    kind,
    requestId: request.id,
    headline: `${request.id}: ${request.title} – ${headlineOf(state, kind)}`,
    body: [outcome.message, outcome.next].filter((part) => part !== '').join(' '),
    details: [
      ...outcome.left,
      ...(outcome.blockers ?? []).map(({ rule, fact, remedy }) => `${rule} ${fact} ${remedy}`),
    ],
    tone,
  };
  const written = typeof entry === 'string' ? audit(request, entry, null, { code: outcome.code }) : entry;
  return moved(
    ended,
    context,
    [card(request), ...tell(ended, `${kind}:${ended.planVersion}${triesOf(ended)}`, notice, audiences)],
    written,
  );
}

/** An undo that was tried again ends again, and tells so again. */
function triesOf({ undoTries }: ProvisioningRequest): string {
  return undoTries > 0 ? `:${undoTries}` : '';
}

function headlineOf(state: ProvisioningRequest['state'], kind: Notice['kind']): string {
  const endings: Partial<Record<Notice['kind'], string>> = {
    proven: 'proven',
    'not-proven': 'done, but not proven',
    disproven: 'done, but it does not act',
  };
  if (state === 'done') return endings[kind] ?? 'done';
  const words: Partial<Record<ProvisioningRequest['state'], string>> = {
    'nothing-to-do': 'nothing to do',
    undone: 'taken back',
    'undo-failed': 'needs a person now',
  };
  return words[state] ?? state;
}
