import type { Card } from '../core/card.ts';
import { clean } from './text.ts';
import { localMoments } from './time.ts';
import { defineView } from './view.ts';

/** An error as `describeError` puts it. */
export interface ErrorInput {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

export const errorView = defineView<ErrorInput>({
  template: 'error',
  model: ({ code, message, next }) => ({
    code: clean(code, 60),
    message: localMoments(clean(message, 800)),
    hasNext: next.trim() !== '',
    next: localMoments(clean(next, 500)),
  }),
  summary: ({ message }) => `Not done: ${message}`,
  sample: {
    code: 'refused',
    message:
      'Contoso cannot be locked down: sales.contoso.com still has its MX at Office 365, as resolver-2 sees it (TTL left 42 min).',
    next: 'Who looks after the DNS of sales.contoso.com moves its MX to inbound30.exchangedefender.com; then ask again.',
  },
  minimal: { code: 'internal', message: 'x', next: '' },
});

/** What went wrong, and the next thing to do. */
export function errorCard(error: ErrorInput): Card {
  return errorView.card(error);
}
