import type { Card } from '../core/card.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { Buttons } from './buttons.ts';
import { outcomeView } from './outcome.ts';
import { planView } from './plan.ts';
import { planningView } from './planning.ts';
import { progressView } from './progress.ts';

/**
 * The one living card of a request, as it looks in the state the request is in. Without buttons it only shows: a
 * decision is made on a card in a conversation that has one for it.
 */
export function requestCard(
  request: ProvisioningRequest,
  now: Date,
  { buttons = true }: { readonly buttons?: Buttons } = {},
): Card {
  const { state, plan } = request;
  if (state === 'planning') return planningView.card({ request, now });
  if (state === 'awaiting-approval') {
    return plan === null ? planningView.card({ request, now }) : planView.card({ request, plan, now, buttons });
  }
  if (state === 'confirming' || state === 'approved' || state === 'running' || state === 'undoing') {
    return progressView.card({ request, now, buttons });
  }
  return outcomeView.card({ request, now, buttons });
}
