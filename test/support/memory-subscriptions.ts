import { isDeepStrictEqual } from 'node:util';
import type { Subscription, Topic } from '../../src/core/subscription.ts';
import type { SubscriptionStore } from '../../src/ports/subscriptions.ts';

/** Subscriptions in memory. */
export class MemorySubscriptions implements SubscriptionStore {
  #all: Subscription[] = [];

  async put(subscription: Subscription): Promise<void> {
    await this.remove(subscription.conversation, subscription.topic);
    this.#all.push(subscription);
  }

  async remove(conversation: string, topic: Topic): Promise<boolean> {
    const kept = this.#all.filter((one) => one.conversation !== conversation || !isDeepStrictEqual(one.topic, topic));
    const isRemoved = kept.length < this.#all.length;
    this.#all = kept;
    return isRemoved;
  }

  async of(conversation: string): Promise<readonly Subscription[]> {
    return this.#all.filter((one) => one.conversation === conversation);
  }

  async about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]> {
    const wanting = this.#all.filter(({ topic }) => {
      if (topic.kind === 'domain') return domains.includes(topic.domain);
      return topic.kind === 'tenant' ? topic.tenantId === tenantId : topic.kind === 'all';
    });
    const byPlace = new Map<string, Subscription>();
    for (const one of wanting) {
      if (byPlace.get(one.conversation)?.digest !== null) byPlace.set(one.conversation, one);
    }
    return [...byPlace.values()];
  }

  async approvals(): Promise<readonly string[]> {
    return this.#all.filter(({ topic }) => topic.kind === 'approvals').map(({ conversation }) => conversation);
  }
}
