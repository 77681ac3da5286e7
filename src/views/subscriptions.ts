import type { Card } from '../core/card.ts';
import type { Subscription, Topic } from '../core/subscription.ts';
import { sampleApprover } from './samples.ts';
import { clean, counted, showName } from './text.ts';
import { defineView } from './view.ts';

/** What a conversation is told about, perhaps after a change. */
export interface SubscriptionsInput {
  readonly subscriptions: readonly Subscription[];
  /** Those of other conversations, where we cannot post any more; default: none. */
  readonly lost?: readonly Subscription[];
  readonly scope: 'personal' | 'channel' | 'groupChat';
  readonly changed: { readonly topic: Topic; readonly how: 'added' | 'removed' | 'absent' } | null;
}

const shown = 30;
const lostShown = 10;
const places = { personal: 'This chat', channel: 'This channel', groupChat: 'This chat' } as const;
const changes = {
  added: 'From now on it is told about',
  removed: 'It is no longer told about',
  absent: 'It had no subscription to end for',
} as const;

export const subscriptionsView = defineView<SubscriptionsInput>({
  template: 'subscriptions',
  model: ({ subscriptions, lost = [], scope, changed }) => ({
    heading: headingOf(subscriptions, scope),
    hasChanged: changed !== null,
    changed: changed === null ? '' : `${changes[changed.how]} ${wordsOf(changed.topic)}.`,
    none: subscriptions.length === 0,
    subscriptions: subscriptions.slice(0, shown).map(rowOf),
    hasMore: subscriptions.length > shown,
    more: `… and ${subscriptions.length - shown} more`,
    hasLost: lost.length > 0,
    lost: lost.slice(0, lostShown).map(lostRowOf),
    hasMoreLost: lost.length > lostShown,
    moreLost: `… and ${lost.length - lostShown} more`,
  }),
  summary: ({ subscriptions, scope }) => headingOf(subscriptions, scope),
  sample: {
    subscriptions: [
      sampleOf({ kind: 'approvals' }, null),
      sampleOf({ kind: 'domain', domain: 'contoso.com' }, null),
      sampleOf({ kind: 'tenant', tenantId: 'x', name: 'Fabrikam' }, 'daily'),
    ],
    lost: [sampleOf({ kind: 'all' }, 'hourly')],
    scope: 'channel',
    changed: { topic: { kind: 'tenant', tenantId: 'x', name: 'Fabrikam' }, how: 'added' },
  },
  minimal: { subscriptions: [], scope: 'personal', changed: null },
});

/** What a conversation is told about, and how to change it. */
export function subscriptionsCard(input: SubscriptionsInput): Card {
  return subscriptionsView.card(input);
}

function headingOf(subscriptions: readonly Subscription[], scope: SubscriptionsInput['scope']): string {
  const { length } = subscriptions;
  return `${places[scope]} has ${length === 0 ? 'no subscriptions' : counted(length, 'subscription')}`;
}

function rowOf({ topic, digest, timeZone, by, suspended = false }: Subscription) {
  const morning = `once a day, at 8:00 ${timeZone === null ? 'UTC' : clean(timeZone, 60)}`;
  const how = { hourly: 'collected, once an hour', daily: morning, none: 'at once' }[digest ?? 'none'];
  return {
    topic: headOf(topic),
    how: suspended ? 'suspended: whoever asked for it has no role now that allows it' : how,
    by: nameOf(by),
  };
}

function lostRowOf({ conversation, topic, by }: Subscription) {
  return { topic: headOf(topic), where: clean(conversation, 120), by: nameOf(by) };
}

function headOf(topic: Topic): string {
  const words = wordsOf(topic);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function nameOf({ name }: Subscription['by']): string {
  return clean(name, 80) || 'somebody without a name';
}

function wordsOf(topic: Topic): string {
  switch (topic.kind) {
    case 'domain':
      return `the domain ${showName(topic.domain)}`;
    case 'tenant':
      return `the tenant ${clean(topic.name, 80)}`;
    case 'all':
      return 'all tenants';
    case 'approvals':
      return 'what waits for a decision, with a card to decide on';
  }
}

function sampleOf(topic: Topic, digest: Subscription['digest']): Subscription {
  return { conversation: 'mail-ops', topic, digest, timeZone: 'Europe/Berlin', by: sampleApprover };
}
