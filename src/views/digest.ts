import type { Card } from '../core/card.ts';
import type { Notice } from '../core/notice.ts';
import { noticeMarks } from './notice.ts';
import { clean, counted } from './text.ts';
import { localMoments } from './time.ts';
import { defineView } from './view.ts';

/** Notices that share a card: collected for a period, or because too many came at once (null). */
export interface DigestInput {
  readonly period: 'hourly' | 'daily' | null;
  readonly notices: readonly Notice[];
}

const headings = { hourly: 'The last hour', daily: 'The last day', none: 'Several things happened' } as const;

export const digestView = defineView<DigestInput>({
  template: 'digest',
  model: ({ period, notices }) => ({
    heading: `${headings[period ?? 'none']}: ${counted(notices.length, 'notice')}`,
    notices: notices.map(({ kind, requestId, headline, body }) => ({
      mark: noticeMarks[kind],
      headline: localMoments(clean(headline, 160)),
      body: localMoments(clean(body, 240)),
      hasBody: body.trim() !== '',
      requestId: clean(requestId, 40),
    })),
  }),
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

/** Several notices on one card, the oldest first. `show <request>` tells the rest. */
export function digestCard(input: DigestInput): Card {
  return digestView.card(input);
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
