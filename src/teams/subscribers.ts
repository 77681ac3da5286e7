import { randomUUID } from 'node:crypto';
import type { Notice } from '../core/notice.ts';
import type { Person } from '../core/person.ts';
import { type RoleSource, RolesUnavailableError } from '../core/policy/role-source.ts';
import type { RequestStore } from '../core/store.ts';
import { maySubscribe, type Subscription, type Topic } from '../core/subscription.ts';
import { subscriptionEntry, subscriptionsName } from '../core/subscription-entry.ts';
import type { Letter } from '../ports/letters.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { SubscriptionStore } from '../ports/subscriptions.ts';
import { domainsOf } from './subscriber-letters.ts';

export interface SubscribersOptions {
  readonly store: Pick<RequestStore, 'get'>;
  readonly subscriptions: SubscriptionStore;
  readonly roles: Pick<RoleSource, 'actor'>;
  readonly notifier: Pick<Notifier, 'scopeOf'>;
}

/** Whether a wish still counts; `unknown` while it cannot be read what the person may do. */
export type Standing = 'counts' | 'ended' | 'unknown';

/** A wish counts as long as whoever had it may have it: roles are read again whenever something is sent for it. */
export class Subscribers {
  readonly #options: SubscribersOptions;

  constructor(options: SubscribersOptions) {
    this.#options = options;
  }

  /** The first who finds that a wish has ended suspends it and tells the operators, or where there are none the conversation; it counts again with the role. */
  async standingOf(subscription: Subscription): Promise<Standing> {
    const { conversation, topic, by, suspended = false } = subscription;
    const { subscriptions, notifier } = this.#options;
    const isAlone = (await notifier.scopeOf(conversation)) === 'personal';
    const standing = await this.ofPerson(by, topic.kind, isAlone);
    if (standing === 'ended' && !suspended) {
      const entry = subscriptionEntry('subscription-suspended', topic, by.tenantId, {
        actor: null,
        reason: noRole(by),
      });
      await subscriptions.suspend(subscription, entry, [
        {
          kind: 'notice',
          id: `${subscriptionsName}:${randomUUID()}`,
          audience: 'operators',
          otherwise: conversation,
          notice: suspendedNotice(subscription),
        },
      ]);
    }
    if (standing === 'counts' && suspended) {
      await subscriptions.resume(
        subscription,
        subscriptionEntry('subscription-resumed', topic, by.tenantId, { actor: null }),
      );
    }
    return standing;
  }

  /** The same for anybody, and without consequences. */
  async ofPerson(person: Person, kind: Topic['kind'], isAlone: boolean): Promise<Standing> {
    try {
      return maySubscribe(await this.#options.roles.actor(person), kind, isAlone) ? 'counts' : 'ended';
    } catch (error) {
      if (error instanceof RolesUnavailableError) return 'unknown';
      throw error;
    }
  }

  /** What becomes of a letter now. In doubt a channel is told, and one person alone is not until it is known. */
  async fateOf(letter: Letter): Promise<'send' | 'withhold' | 'wait'> {
    const { by, wish, conversation, digest } = letter;
    if (by === null) return 'send';
    if (digest !== null && !(await this.#isSubscribed(letter))) return 'withhold';
    const isAlone = (await this.#options.notifier.scopeOf(conversation)) === 'personal';
    const standing = await this.ofPerson(by, wish === 'approvals' ? 'approvals' : 'all', isAlone);
    if (standing === 'unknown') return isAlone ? 'wait' : 'send';
    return standing === 'counts' ? 'send' : 'withhold';
  }

  /** What was collected is not wanted any more once the subscription is ended, unless another one wants it as well. */
  async #isSubscribed({ conversation, notice }: Letter): Promise<boolean> {
    const { store, subscriptions } = this.#options;
    const request = await store.get(notice.requestId);
    if (!request) return (await subscriptions.of(conversation)).some(({ topic }) => mayConcern(topic, notice));
    const wishes = await subscriptions.about(request.tenant.id, domainsOf(request));
    return wishes.some((one) => one.conversation === conversation);
  }
}

/** What belongs to no request is about a tenant, and has its name in place of a request. */
function mayConcern(topic: Topic, { requestId }: Notice): boolean {
  return topic.kind === 'tenant' ? topic.name === requestId : topic.kind !== 'approvals';
}

function noRole({ name }: Person): string {
  return `${name} has no role any more that allows it.`;
}

function suspendedNotice({ conversation, topic, by }: Subscription): Notice {
  return {
    kind: 'suspended',
    requestId: subscriptionsName,
    headline: `${by.name} may not subscribe any more: “subscribe ${wish(topic)}” is suspended`,
    body: `${by.name} asked for it and has no role now that allows it, so nothing is sent for it. It goes on by itself when they get the role back. Somebody who may can type “subscribe ${wish(topic)}” in that conversation, or “unsubscribe ${wish(topic)}” to end it.`,
    details: [`Conversation: ${conversation}`],
    tone: 'attention',
  };
}

function wish(topic: Topic): string {
  switch (topic.kind) {
    case 'domain':
      return topic.domain;
    case 'tenant':
      return topic.name;
    case 'all':
    case 'approvals':
      return topic.kind;
  }
}
