import { beforeEach, describe, expect, it } from 'vitest';
import type { ActionAnswer } from '../../src/commands/turn.ts';
import type { Actor } from '../../src/core/person.ts';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, rita } from '../support/people.ts';
import { policyDocument } from '../support/policy.ts';

const ruth: Actor = { ...ada, roles: ['requester', 'approver', 'break-glass'] };
const reason = 'all mail to the hospital is refused';

describe('a typed break glass', () => {
  let house: MemorySwitchyard;

  beforeEach(async () => {
    house = new MemorySwitchyard();
    const breakGlass = { people: [ruth.objectId], groups: [], answerWithinHours: 4 };
    await house.policies.replace(1, { ...policyDocument(), breakGlass });
    await house.say(setUp);
    await house.settle();
  });

  /** What the button of the card carries that answers the sentence. */
  async function typed(actor = ruth): Promise<Record<string, unknown>> {
    const { id } = await house.request();
    const { model } = (await house.say(`break glass ${id} because ${reason}`, actor)).card;
    const { requestId, digest, nonce, place, reason: said } = model;
    return { requestId, digest, nonce, place, reason: said };
  }

  const confirm = (data: unknown, actor = ruth, where?: string): Promise<ActionAnswer> =>
    house.click('start-alone', actor, data, where);

  it('starts nothing, and shows the plan with its fingerprint, its changes and the reason', async () => {
    const { id, plan, title } = await house.request();
    const { card } = await house.say(`break glass ${id} because ${reason}`, ruth);
    const digest = plan?.digest ?? '';
    expect(card.model).toMatchObject({
      requestId: id,
      title,
      digest: digest.slice(0, 16),
      reason,
    });
    expect(card.model['fingerprint']).toBe(digest.slice(0, 12).replaceAll(/(.{4})(?=.)/gu, '$1 '));
    expect(JSON.stringify(card.model['changes'])).toContain('ExchangeDefender');
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', breakGlass: null });
  });

  it('starts the plan on that card when its button is clicked', async () => {
    const data = await typed();
    expect(await confirm(data)).toMatchObject({ kind: 'card' });
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', breakGlass: { reason } });
  });

  it('starts nothing from a card of an earlier plan, even when the plan says the same again', async () => {
    const data = await typed();
    expect(await confirm({ ...data, nonce: 'n0nce-of-earlier' })).toMatchObject({ code: 'stale' });
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', breakGlass: null });
  });

  it('starts nothing when the plan has become another one meanwhile', async () => {
    const data = await typed();
    const { digest } = { digest: '', ...data };
    expect(
      await confirm({ ...data, digest: String(digest).replace(/^./u, (one) => (one === '0' ? '1' : '0')) }),
    ).toMatchObject({ code: 'stale' });
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval' });
    await house.policies.replace(2, { ...policyDocument(), breakGlass: null, decideWithinMinutes: 90 });
    await house.policies.replace(3, {
      ...policyDocument(),
      breakGlass: { people: [ruth.objectId], groups: [], answerWithinHours: 6 },
    });
    expect(await confirm(data)).toMatchObject({ kind: 'error', status: 409, code: 'stale' });
    expect((await house.request()).breakGlass).toBeNull();
  });

  it('has the plan made again when the policy has changed meanwhile, so that it can be started then', async () => {
    const data = await typed();
    const breakGlass = { people: [ruth.objectId], groups: [], answerWithinHours: 6 };
    await house.policies.replace(2, { ...policyDocument(), breakGlass });
    expect(await confirm(data)).toMatchObject({ kind: 'error', status: 409, code: 'stale' });
    await house.settle();
    expect(await confirm(await typed())).toMatchObject({ kind: 'card' });
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', breakGlass: { reason } });
  });

  it('acts only in the conversation it was typed in, and only with what the card carried', async () => {
    const data = await typed();
    expect(await confirm(data, ruth, '19:other@thread.tacv2')).toMatchObject({ status: 403, code: 'refused' });
    expect(await confirm({ ...data, state: 'approved' })).toMatchObject({ status: 400 });
    expect(await confirm({ ...data, reason: undefined })).toMatchObject({ status: 400 });
    expect((await house.request()).breakGlass).toBeNull();
  });

  it('is refused to whoever clicks the button of another person without being named for it', async () => {
    expect(await confirm(await typed(), rita)).toMatchObject({ status: 403, code: 'not-allowed' });
  });

  it('is refused at once, on record, to whoever the policy does not name', async () => {
    const { id } = await house.request();
    const { card } = await house.say(`break glass ${id} because ${reason}`, rita);
    expect(JSON.stringify(card.model)).toContain('you are not one');
    expect(house.store.audit.at(-1)).toMatchObject({ action: 'break-glass', outcome: 'refused' });
  });

  it('never changes the approval policy: not typed, not by the card of a request, not by an older card', async () => {
    const older = await typed();
    await house.say('change policy rules.high.quorum to 2', rita);
    await house.settle();
    const { id, plan, nonce } = await house.request();
    const { card } = await house.say(`break glass ${id} because ${reason}`, ruth);
    expect(card.template).toBe('error');
    expect(JSON.stringify(card.model)).toContain('never changed by one person alone');
    const digest = plan?.digest.slice(0, 16) ?? '';
    const refused = { status: 403, code: 'not-allowed', message: expect.stringContaining('APPROVAL_POLICY_RESET') };
    expect(await confirm({ ...older, requestId: id, digest, nonce })).toMatchObject(refused);
    expect(await house.click('break-glass', ruth, { requestId: id, digest, nonce, reason })).toMatchObject(refused);
    await house.settle();
    expect(await house.request()).toMatchObject({ id, state: 'awaiting-approval', breakGlass: null });
    expect(house.policy.document.rules.high.quorum).toBe(1);
  });

  it('says that there is nothing to start when the request does not wait', async () => {
    const { id } = await house.request();
    await house.say(`cancel ${id}`);
    const { card } = await house.say(`break glass ${id} because ${reason}`, ruth);
    expect(JSON.stringify(card.model)).toContain('There is nothing to start');
  });
});
