import type { Card } from '../core/card.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { requestRow } from './request-row.ts';
import { sampleRequest } from './samples.ts';
import { clean, counted } from './text.ts';
import { localTime } from './time.ts';
import { defineView } from './view.ts';

/** The requests that wait for a decision. */
export interface PendingInput {
  readonly requests: readonly ProvisioningRequest[];
  /** Key of the conversation that is answered. */
  readonly here: string;
  readonly now: Date;
}

const shown = 15;

export const pendingView = defineView<PendingInput>({
  template: 'pending',
  model: ({ requests, here, now }) => {
    const soonest = [...requests].sort((left, right) => deadline(left).localeCompare(deadline(right)));
    return {
      headline: headline(requests),
      none: requests.length === 0,
      requests: soonest.slice(0, shown).map((request) => ({
        ...requestRow(request),
        place: placeOf(request, here),
        missing: request.approvalStanding === '' ? '' : `  ·  ${clean(request.approvalStanding, 120)}`,
        asked: localTime(request.createdAt, now),
        decideBy: request.decideBy === null ? 'no time limit' : localTime(request.decideBy, now),
      })),
      hasMore: requests.length > shown,
      more: `… and ${requests.length - shown} more`,
    };
  },
  summary: ({ requests }) => headline(requests),
  sample: {
    requests: [
      sampleRequest,
      {
        ...sampleRequest,
        id: 'R-3MNPQRST',
        title: 'Unlock fabrikam.com',
        tenant: { id: 'x', name: 'Fabrikam' },
        decideBy: '2026-11-21T14:20:00Z',
      },
    ],
    here: 'alerts',
    now: new Date('2026-11-21T14:05:00Z'),
  },
  minimal: { requests: [], here: '', now: new Date('2026-11-21T14:05:00Z') },
});

/** What waits for a decision, the most urgent first. */
export function pendingCard(input: PendingInput): Card {
  return pendingView.card(input);
}

function headline(requests: readonly ProvisioningRequest[]): string {
  if (requests.length === 0) return 'Nothing waits for a decision';
  return `${counted(requests.length, 'request')} ${requests.length === 1 ? 'waits' : 'wait'} for a decision`;
}

/** Where the card with the buttons is: a thread is named by its channel and its first message. */
function placeOf({ conversation, requester }: ProvisioningRequest, here: string): string {
  const asked = `where ${clean(requester.name, 60) || 'the requester'} asked`;
  if (conversation === here) return 'further up in this conversation';
  const sameChannel = conversation.split(';')[0] === here.split(';')[0];
  return sameChannel ? `in this channel, in the thread ${asked}` : `in the other conversation ${asked}`;
}

function deadline(request: ProvisioningRequest): string {
  return request.decideBy ?? '9';
}
