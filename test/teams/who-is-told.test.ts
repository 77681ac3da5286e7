import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/core/notice.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { subscriptionEntry } from '../../src/core/subscription-entry.ts';
import {
  ADAS_CHAT,
  ALERTS,
  BUSY,
  type DeliveryWorld,
  RITAS_CHAT,
  THREAD,
  useDeliveryWorld,
} from '../support/delivery-world.ts';
import { ada, rita } from '../support/people.ts';

let world: DeliveryWorld;
useDeliveryWorld(
  (started) => {
    world = started;
  },
  { operators: null },
);

const all = { kind: 'all' } as const;
const aDay = 26 * 3600;

function unsubscribe(conversation: string): Promise<boolean> {
  return world.subscriptions.remove(conversation, all, subscriptionEntry('unsubscribed', all, 'home', { actor: ada }));
}

describe('what is owed to somebody', () => {
  it('comes at once to a chat that collects the same for a digest, and not a second time', async () => {
    const request = await world.request();
    await world.subscribe(RITAS_CHAT, all, { by: rita, digest: 'daily' });
    await world.notice(request, 'outcome', {}, 'thread');
    await world.notice(request, 'outcome', {}, 'requester');
    await world.sent();
    expect(world.places().toSorted()).toEqual([THREAD, RITAS_CHAT].toSorted());

    await world.notice(request, 'outcome', {}, 'requester');
    world.clock.advance(aDay);
    await world.sent();
    expect(world.places()).toHaveLength(2);
  });

  it('comes though what was subscribed to is withheld, because the role is lost', async () => {
    const request = await world.request();
    await world.subscribe(RITAS_CHAT, all, { by: rita });
    world.people.isUnreadable = true;
    await world.notice(request, 'outcome', {}, 'thread');
    world.people.without.add(rita.objectId);
    world.people.isUnreadable = false;
    world.clock.advance(15);
    await world.sent();
    expect(world.places()).toEqual([THREAD]);

    await world.notice(request, 'outcome', {}, 'requester');
    await world.sent();
    expect(world.places()).toEqual([THREAD, RITAS_CHAT]);
  });

  it('is not put off by a wish that comes after it', async () => {
    const request = await world.request();
    await world.subscribe(RITAS_CHAT, all, { by: rita, digest: 'daily' });
    await world.notice(request, 'outcome', {}, 'requester');
    await world.notice(request, 'outcome', {}, 'thread');
    await world.sent();
    expect(world.places().toSorted()).toEqual([THREAD, RITAS_CHAT].toSorted());
  });
});

describe('a digest of a subscription that has ended', () => {
  it('is not sent', async () => {
    const request = await world.request();
    await world.subscribe(ALERTS, all, { digest: 'daily' });
    await world.notice(request, 'outcome');
    await unsubscribe(ALERTS);
    world.clock.advance(aDay);
    await world.sent();
    expect(world.places()).toEqual([THREAD]);
  });

  it('is sent when another subscription of the conversation wants the same, and not when it wants something else', async () => {
    const request = await world.request();
    const tenant = { kind: 'tenant', tenantId: request.tenant.id, name: request.tenant.name } as const;
    await world.subscribe(ALERTS, all, { digest: 'daily' });
    await world.subscribe(ALERTS, tenant, { digest: 'daily' });
    await world.subscribe(BUSY, all, { digest: 'daily' });
    await world.subscribe(BUSY, { kind: 'domain', domain: 'elsewhere.example' });
    await world.notice(request, 'outcome');
    await unsubscribe(ALERTS);
    await unsubscribe(BUSY);
    world.clock.advance(aDay);
    await world.sent();
    expect(world.places()).toEqual([THREAD, ALERTS]);
  });
});

describe('what belongs to no request', () => {
  it('goes where it is to go otherwise when its conversation turns out to be closed', async () => {
    const notice = {
      kind: 'connected',
      requestId: 'contoso',
      headline: 'x',
      body: '',
      details: [],
      tone: 'good',
    } as const;
    const letter = { key: 'consent:0:granted', audience: 'thread', notice, digest: null } as const;
    const closed = { status: 403, body: { error: { code: 'BotNotInConversationRoster', message: '' } } };
    world.answers((_call, place) => (place === THREAD ? closed : null));
    await world.letters.add([{ ...letter, conversation: THREAD, otherwise: RITAS_CHAT, dueAt: world.clock.now() }]);
    world.delivery.look();
    await world.sent();
    expect(world.places()).toEqual([THREAD, RITAS_CHAT]);
  });
});

describe('an emergency start', () => {
  const loud: Partial<Notice> = { kind: 'break-glass', urgent: true };

  /** Asked in Rita's own chat; Ada has the card in hers. */
  async function startedBy(by: typeof ada): Promise<ProvisioningRequest> {
    await world.subscribe(ADAS_CHAT, { kind: 'approvals' });
    const at = world.clock.now().toISOString();
    const request = await world.request({
      conversation: RITAS_CHAT,
      state: 'confirming',
      breakGlass: {
        by,
        at,
        reason: 'No mail.',
        planVersion: 1,
        digest: 'd',
        answerBy: at,
        answer: null,
        review: null,
        reminded: 0,
      },
    });
    await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
    await world.messages.rememberCard(request.id, { conversation: ADAS_CHAT, messageId: 'm-2' });
    return request;
  }

  it('is told to every approver who has a card of it, whatever has become of it', async () => {
    const request = await startedBy(rita);
    const notices = { 'break-glass': loud, answer: { kind: 'review', urgent: true }, outcome: {} } as const;
    for (const [key, notice] of Object.entries(notices)) {
      await world.notice(request, key, notice, 'thread');
      await world.sent();
    }
    const told = world.posts().map(({ conversation, summary }) => `${conversation} ${String(summary)}`);
    expect(told.toSorted()).toEqual(
      [
        `${ADAS_CHAT} answer`,
        `${ADAS_CHAT} break-glass`,
        `${RITAS_CHAT} answer`,
        `${RITAS_CHAT} break-glass`,
        `${RITAS_CHAT} outcome`,
      ].toSorted(),
    );
  });

  it('is told to whoever made it in words of their own only', async () => {
    const request = await startedBy(ada);
    await world.notice(request, 'break-glass', loud, 'thread');
    await world.notice(request, 'answer-owed', { kind: 'review', urgent: true }, 'accountable');
    await world.sent();
    expect(world.posts().filter(({ conversation }) => conversation === ADAS_CHAT)).toMatchObject([
      { summary: 'answer-owed', alert: true },
    ]);
  });
});
