import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/person.ts';
import { approvalPolicy } from '../../src/core/policy/approval-policy.ts';
import { transition } from '../../src/core/transition.ts';
import { receipt } from '../../src/core/transitions/receipt.ts';
import { ADAS_CHAT, type DeliveryWorld, useDeliveryWorld } from '../support/delivery-world.ts';
import { ada, ben } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

let world: DeliveryWorld;
useDeliveryWorld((started) => {
  world = started;
});

/** What the gate makes of a click, with the receipts that follow from it delivered. */
async function decided(actor: Actor, type: 'approve' | 'deny' = 'approve') {
  const before = await world.request({ decideBy: null });
  const { plan, nonce } = before;
  if (!plan) throw new Error('no plan');
  const policy = { ...approvalPolicy(policyDocument()), version: plan.policy };
  const context = { now: new Date('2026-11-21T09:30:00Z'), policy, nonce: 'n2' };
  const result = transition(before, { type, actor, digest: plan.digest, nonce }, context);
  if (result.kind !== 'moved') throw new Error(result.reason);
  const receipts = result.effects.filter((one) => one.kind === 'notice' && one.notice.kind === 'receipt');
  for (const one of receipts) if (one.kind === 'notice') await world.delivery.notice(one);
  await world.sent();
  return { before, receipts };
}

describe('whoever decides', () => {
  it('gets a quiet receipt in person, with what it was and what to do when it was not them', async () => {
    const { before, receipts } = await decided(ada);
    expect(receipts).toHaveLength(1);
    expect(world.places()).toEqual([ADAS_CHAT]);
    const [post] = world.posts();
    expect(post).toMatchObject({ alert: false, summary: expect.stringContaining('your approval was recorded') });
    const fingerprint = before.plan?.digest.slice(0, 12).replaceAll(/(.{4})(?=.)/gu, '$1 ') ?? '';
    for (const part of [before.title, before.tenant.name, fingerprint, `stop ${before.id}`, '9:30']) {
      expect(post?.text).toContain(part);
    }
  });

  it('gets one for a denial, which there is nothing to stop of', async () => {
    await decided(ada, 'deny');
    const [post] = world.posts();
    expect(post?.summary).toContain('your denial was recorded');
    expect(post?.text).not.toContain('stop R-');
  });

  it('gets one for each decision, and no second one when it is delivered again', async () => {
    const { receipts } = await decided(ada);
    for (const one of receipts) if (one.kind === 'notice') await world.delivery.notice(one);
    await world.sent();
    expect(world.places()).toEqual([ADAS_CHAT]);
  });

  it.each([
    ['refuses the chat with them', { status: 403, body: { error: { code: 'BotNotInConversationRoster' } } }],
    ['is out of order', { status: 503 }],
  ])('is told nothing, and nobody else is, when Teams %s', async (_what, answer) => {
    world.answers(({ path }) => (path.endsWith('/v3/conversations') ? answer : null));
    await decided(ben);
    expect(world.places()).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  it('has none before there is a decision', async () => {
    expect(receipt({ ...(await world.request()), decisions: [] })).toEqual([]);
  });
});
