import type { Card } from '../core/card.ts';
import type { JsonObject } from '../core/json.ts';
import { isUrgent, type Notice } from '../core/notice.ts';
import { roomy } from './budget.ts';
import { noticeMarks } from './notice.ts';
import { clean, counted } from './text.ts';
import { localMoments } from './time.ts';
import { defineView } from './view.ts';

/** Notices that share a card: collected for a period, or because too many came at once (null). */
export interface DigestInput {
  readonly period: 'hourly' | 'daily' | null;
  readonly notices: readonly Notice[];
}

const headings = {
  hourly: 'The last hour',
  daily: 'The last day',
  none: 'Several things happened',
  urgent: 'Several things need somebody now',
} as const;

interface DigestRoom {
  readonly headline: number;
  readonly body: number;
}

const rooms: readonly DigestRoom[] = [
  { headline: 160, body: 240 },
  { headline: 120, body: 80 },
  { headline: 80, body: 0 },
];
const weight = { fixed: 1200, row: 520 };

export const digestView = defineView<DigestInput>({
  template: 'digest',
  model: (input) => roomy(rooms, weight, (room) => digestModel(input, room)),
  summary: (input) => summaryOf(input),
  sample: {
    period: 'daily',
    notices: [
      noticeOf('R-7K2QXDAB', 'proven', 'contoso.com is locked down to ExchangeDefender – proven'),
      noticeOf('R-3MNPQRST', 'denied', 'R-3MNPQRST: Lock down fabrikam.com – denied'),
    ],
  },
  minimal: { period: null, notices: [noticeOf('R-7K2QXDAB', 'settled', 'x')] },
});

/** Several notices on one card, the oldest first. `show <request>` tells the rest. One alert is for all of them. */
export function digestCard(input: DigestInput): Card {
  const card = digestView.card(input);
  return input.notices.some(isUrgent) ? { ...card, urgent: true } : card;
}

function digestModel({ period, notices }: DigestInput, room: DigestRoom): JsonObject {
  return {
    heading: `${headings[notices.some(isUrgent) ? 'urgent' : (period ?? 'none')]}: ${counted(notices.length, 'notice')}`,
    notices: notices.map(({ kind, requestId, headline, body }) => ({
      mark: `${noticeMarks[kind]} · ${clean(requestId, 40)}`,
      headline: localMoments(clean(headline, room.headline)),
      body: room.body === 0 ? '' : localMoments(clean(body, room.body)),
      hasBody: room.body > 0 && body.trim() !== '',
    })),
  };
}

function summaryOf({ notices }: DigestInput): string {
  const headline = notices.at(-1)?.headline ?? '';
  return notices.length === 1 ? headline : `${counted(notices.length, 'notice')}, the last one: ${headline}`;
}

function noticeOf(requestId: string, kind: Notice['kind'], headline: string): Notice {
  const body =
    headline.length > 1 ? 'Two probes agreed. The lock is watched from now on; anybody may ask for status.' : '';
  return { kind, requestId, headline, body, details: [], tone: 'neutral' };
}
