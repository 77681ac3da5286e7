import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry } from '../../src/core/store.ts';
import type { Subscription, Topic } from '../../src/core/subscription.ts';
import type { SubscriptionStore } from '../../src/ports/subscriptions.ts';

/** Subscriptions in memory. */
export class MemorySubscriptions implements SubscriptionStore {
  readonly #audit: AuditEntry[];
  #all: Subscription[] = [];

  constructor(audit: AuditEntry[] = []) {
    this.#audit = audit;
  }

  async put(subscription: Subscription, audit: AuditEntry): Promise<void> {
    const { conversation, topic } = subscription;
    this.#all = [...this.#all.filter((one) => !isSame(one, conversation, topic)), subscription];
    this.#audit.push(audit);
  }

  async remove(conversation: string, topic: Topic, audit: AuditEntry): Promise<boolean> {
    const kept = this.#all.filter((one) => !isSame(one, conversation, topic));
    const isRemoved = kept.length < this.#all.length;
    this.#all = kept;
    if (isRemoved) this.#audit.push(audit);
    return isRemoved;
  }

  suspend(subscription: Subscription, audit: AuditEntry): Promise<boolean> {
    return this.#mark(subscription, true, audit);
  }

  resume(subscription: Subscription, audit: AuditEntry): Promise<boolean> {
    return this.#mark(subscription, false, audit);
  }

  async of(conversation: string): Promise<readonly Subscription[]> {
    return this.#all.filter((one) => one.conversation === conversation);
  }

  async all(): Promise<readonly Subscription[]> {
    return this.#all;
  }

  async about(tenantId: string, domains: readonly string[]): Promise<readonly Subscription[]> {
    const wanting = this.#all.filter(({ topic }) => {
      if (topic.kind === 'domain') return domains.includes(topic.domain);
      return topic.kind === 'tenant' ? topic.tenantId === tenantId : topic.kind === 'all';
    });
    return wanting.toSorted((left, right) => patience[left.digest ?? 'none'] - patience[right.digest ?? 'none']);
  }

  async approvals(): Promise<readonly Subscription[]> {
    return this.#all.filter(({ topic }) => topic.kind === 'approvals');
  }

  async #mark({ conversation, topic }: Subscription, suspended: boolean, audit: AuditEntry): Promise<boolean> {
    const known = this.#all.find((one) => isSame(one, conversation, topic) && (one.suspended ?? false) !== suspended);
    if (known) await this.put({ ...known, suspended }, audit);
    return known !== undefined;
  }
}

const patience = { none: 0, hourly: 1, daily: 2 };

function isSame(one: Subscription, conversation: string, topic: Topic): boolean {
  return one.conversation === conversation && isDeepStrictEqual(one.topic, topic);
}
