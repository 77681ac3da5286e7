import type { Clock } from '../core/clock.ts';
import { OpsError } from '../core/errors.ts';
import { type MessageStore, type RequestStore, UnfinishedError } from '../core/store.ts';
import type { Notifier } from '../ports/notifier.ts';
import { isShortened } from '../views/plan.ts';
import { planPageView } from '../views/plan-page.ts';
import { pageCount } from '../views/plan-pages.ts';
import { isFinal } from './is-refused.ts';

interface AttachOptions {
  readonly store: Pick<RequestStore, 'get'>;
  readonly messages: MessageStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** A page whose answer was lost may have been shown. It is repeated once: a missing page is worse than one seen twice. */
const mostAttempts = 2;

/**
 * Below a card that is only a selection of its plan the whole plan is posted, page after page, once per plan. Safe to
 * repeat: it goes on where it was interrupted. Nothing waits for it: `UnfinishedError`.
 */
export async function attachPlan(options: AttachOptions, requestId: string): Promise<void> {
  const { store, clock, notifier } = options;
  const request = await store.get(requestId);
  const plan = request?.plan;
  if (!plan || request.state !== 'awaiting-approval') return;
  if (!isShortened({ request, plan, now: clock.now(), buttons: true })) return;
  if ((await notifier.scopeOf(request.conversation)) === null) return;
  for (let page = 1; page <= pageCount(plan); page += 1) {
    const card = planPageView.card({ request, plan, page, turns: false });
    await postOnce(options, `plan:${request.id}:${request.planVersion}:${page}`, request.conversation, card);
  }
}

async function postOnce(
  { messages, notifier }: AttachOptions,
  key: string,
  conversation: string,
  card: Parameters<Notifier['post']>[1],
): Promise<void> {
  if ((await messages.cardsOf(key)).length > 0) return;
  if ((await messages.beginCard(key, conversation)) > mostAttempts) return;
  try {
    await messages.rememberCard(key, await notifier.post(conversation, card));
  } catch (error) {
    if (isFinal(error)) return;
    if (!(error instanceof OpsError)) throw error;
    if (error.code !== 'unknown-outcome') await messages.cardSettled(key, conversation);
    throw new UnfinishedError(`Not all of the plan is posted: ${error.message}`, {
      operation: 'post a plan in full',
      next: 'The rest is posted as soon as Teams takes it.',
      cause: error,
    });
  }
}
