import type { Clock } from '../core/clock.ts';
import { isUrgent, type Notice } from '../core/notice.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import type { NewLetter } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import { nextDigest } from './next-digest.ts';
import type { Subscribers } from './subscribers.ts';

export interface SubscriberLettersOptions {
  readonly subscriptions: SubscriptionStore;
  readonly subscribers: Subscribers;
  readonly notifier: Pick<Notifier, 'scopeOf'>;
  readonly clock: Clock;
}

/** A notice, and what it is about. */
export interface NoticeAbout {
  readonly key: string;
  readonly notice: Notice;
  readonly tenantId: string;
  readonly domains: readonly string[];
}

/** One letter for each conversation that subscribed to it and is not among those `told`, collected where it is wished. */
export async function subscriberLetters(
  { subscriptions, subscribers, notifier, clock }: SubscriberLettersOptions,
  { key, notice, tenantId, domains }: NoticeAbout,
  told: Iterable<string>,
): Promise<readonly NewLetter[]> {
  const here = new Set(told);
  const now = clock.now();
  const letters: NewLetter[] = [];
  for (const subscription of await subscriptions.about(tenantId, domains)) {
    const { conversation, digest, timeZone, by } = subscription;
    if (here.has(conversation) || (await notifier.scopeOf(conversation)) === null) continue;
    if ((await subscribers.standingOf(subscription)) === 'ended') continue;
    here.add(conversation);
    // What a person must act on does not wait for a digest.
    const collected = isUrgent(notice) ? null : digest;
    const dueAt = collected === null ? now : nextDigest(collected, now, timeZone);
    letters.push({ key, audience: 'subscriber', notice, conversation, digest: collected, by, dueAt });
  }
  return letters;
}

/** Every domain a request names. */
export function domainsOf({ input }: ProvisioningRequest): readonly string[] {
  const { domain, domains } = input;
  return [domain, ...(Array.isArray(domains) ? domains : [])].filter((one) => typeof one === 'string');
}
