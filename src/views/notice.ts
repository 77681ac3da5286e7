import type { Card } from '../core/card.ts';
import { isUrgent, type Notice } from '../core/notice.ts';
import { lines } from './lines.ts';
import { clean } from './text.ts';
import { localMoments } from './time.ts';
import { defineView } from './view.ts';

// Words and a symbol say what happened; the colour only repeats it.
export const noticeMarks: Record<Notice['kind'], string> = {
  settled: '◷ Settled',
  proven: '✓ Proven',
  'not-proven': '? Done, not proven',
  disproven: '✗ Done, but it does not act',
  finished: '✓ Finished',
  undone: '↩ Taken back',
  'undo-failed': '✗ Needs a person',
  paused: '‖ Paused',
  'take-back': '⚠ Will be taken back',
  held: '◆ Held',
  superseded: '↻ The plan has changed',
  refused: '✗ Refused',
  expired: '– Expired',
  denied: '✗ Denied',
  cancelled: '– Cancelled',
  scheduled: '◷ Scheduled',
  reminder: '◷ Reminder',
  widened: '◷ More people are asked',
  'break-glass': '⚠ BREAK-GLASS',
  review: '◷ Review after break-glass',
  receipt: '✓ Recorded',
  connected: '✓ Connected',
  'not-connected': '○ Not connected',
  suspended: '‖ Subscription suspended',
  closed: '✗ Conversation closed',
};

const styles: Record<Notice['tone'], string> = {
  good: 'good',
  attention: 'warning',
  bad: 'attention',
  neutral: 'emphasis',
};

export const noticeView = defineView<Notice>({
  template: 'notice',
  model: ({ kind, requestId, headline, body, details, tone }) => ({
    mark: noticeMarks[kind],
    style: styles[tone],
    requestId: clean(requestId, 20),
    headline: localMoments(clean(headline, 200)),
    hasBody: body.trim() !== '',
    body: localMoments(clean(body, 1500)),
    hasDetails: details.length > 0,
    details: lines(details, 15, 400).map(({ text }) => ({ text: localMoments(text) })),
  }),
  summary: ({ headline }) => headline,
  sample: {
    kind: 'proven',
    requestId: 'R-7K2QXDAB',
    headline: 'contoso.com is locked down to ExchangeDefender – proven',
    body: 'Office 365 now refuses mail that does not come from the gateway. Two probes from 198.51.100.25 agreed. The lock is watched from now on; anybody may ask for status.',
    details: [
      'Connector “Switchyard – ExchangeDefender – contoso.com” is on',
      'contoso-com.mail.protection.outlook.com answered 550 5.7.51 at 14:21 UTC and at 14:22 UTC',
    ],
    tone: 'good',
  },
  minimal: { kind: 'settled', requestId: 'R-7K2QXDAB', headline: 'x', body: '', details: [], tone: 'neutral' },
});

/** A notice as a card. */
export function noticeCard(notice: Notice): Card {
  const card = noticeView.card(notice);
  return isUrgent(notice) ? { ...card, urgent: true } : card;
}
