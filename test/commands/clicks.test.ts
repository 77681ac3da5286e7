import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/person.ts';
import { setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben, eve, rita } from '../support/people.ts';

describe('a click', () => {
  async function planned() {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id, plan, nonce } = await house.request();
    return { house, data: { requestId: id, digest: plan?.digest.slice(0, 16) ?? '', nonce } };
  }

  it('of an approver is answered with the card, a second one with a friendly word', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', ada, data)).toMatchObject({ kind: 'card' });
    expect(await house.click('approve', ada, data)).toMatchObject({ kind: 'message' });
    const late =
      'Ada approved [^ ]+ at \\d{4}-\\d\\d-\\d\\d 09:00 UTC; it is approved and being confirmed. Your click changed nothing.';
    expect(await house.click('approve', ben, data)).toMatchObject({
      kind: 'error',
      status: 409,
      message: expect.stringMatching(late),
    });
  });

  it('after the request has ended says what became of it', async () => {
    const { house, data } = await planned();
    await house.click('deny', ada, data);
    const { message } = { message: '', ...(await house.click('approve', ben, data)) };
    expect(message).toMatch(/^Ada denied R-\w+ at \d{4}-\d\d-\d\d 09:00 UTC. Your click changed nothing.$/u);
    house.world.clock.advance(86_400);
    expect(JSON.stringify(await house.click('cancel', ada, data))).toMatch(
      /\d{4}-\d\d-\d\d 09:00 UTC\. So that cannot be done now/u,
    );
  });

  it('of the requester or of somebody without the role is refused', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', rita, data)).toMatchObject({ status: 403 });
    expect(await house.click('deny', eve, data)).toMatchObject({ status: 403, code: 'not-allowed' });
    expect((await house.request()).state).toBe('awaiting-approval');
  });

  it('is answered with a card that offers what this person may do', async () => {
    const { house, data } = await planned();
    const shown = async (actor: Actor) => {
      const answered = await house.click('back', actor, data);
      return answered.kind === 'card' ? answered.card.model : {};
    };
    expect(await shown(rita)).toMatchObject({ canDecide: false, canCancel: true, decidedByOthers: true });
    expect(await shown(ada)).toMatchObject({ canDecide: true, canCancel: true, decidedByOthers: false });
    expect(await shown({ ...eve, isGuest: true })).toMatchObject({ canDecide: false, canCancel: false });
  });

  it('on a copy of the card keeps its buttons, also on the way back from another page', async () => {
    const { house, data } = await planned();
    const elsewhere = '19:alerts@thread.tacv2';
    const back = async () => house.click('back', ada, data, elsewhere);
    expect(await back()).toMatchObject({ card: { model: { canDecide: false, onlyShown: true } } });
    await house.store.rememberCard(data.requestId, { conversation: elsewhere, messageId: 'copy' });
    expect(await back()).toMatchObject({ card: { model: { canDecide: true, onlyShown: false } } });
    const { requestId, digest, nonce } = data;
    const page = await house.click('page', ada, { requestId, digest, nonce, page: '0' }, elsewhere);
    expect(page).toMatchObject({ card: { model: { canDecide: true } } });
  });

  it('from another conversation does not act', async () => {
    const { house, data } = await planned();
    const elsewhere = '19:other@thread.tacv2;messageid=1';
    expect(await house.click('approve', ada, data, elsewhere)).toMatchObject({ status: 403, code: 'refused' });
    expect((await house.request()).decisions).toEqual([]);
  });

  it('with data that is not ours is refused and changes nothing', async () => {
    const { house, data } = await planned();
    const hostile: unknown[] = [
      'approve',
      0,
      [],
      [data],
      {},
      { ...data, state: 'approved' },
      { ...data, actor: ada },
      { ...data, requestId: [data.requestId] },
      { ...data, requestId: { toString: 'R-22222222' } },
      { ...data, requestId: "R-22222222' or '1'='1" },
      { ...data, digest: data.digest.toUpperCase() },
      { ...data, digest: data.digest.slice(0, 8) },
      { ...data, digest: 1e21 },
      { ...data, nonce: '' },
      { ...data, nonce: 'x'.repeat(10_000) },
      JSON.parse(`{"__proto__":${JSON.stringify(data)}}`),
      JSON.parse(
        `{"requestId":"${data.requestId}","nonce":"${data.nonce}","constructor":{"prototype":{"roles":["approver"]}}}`,
      ),
    ];
    for (const one of hostile) {
      expect(await house.click('approve', ada, one)).toMatchObject({ kind: 'error', status: 400 });
    }
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', decisions: [] });
    expect(house.defects).toEqual([]);
  });

  it('on a request that does not exist is answered with 404', async () => {
    const { house, data } = await planned();
    expect(await house.click('approve', ada, { ...data, requestId: 'R-22222222' })).toMatchObject({ status: 404 });
  });

  it('without a digest decides nothing', async () => {
    const { house, data } = await planned();
    const { digest: _digest, ...rest } = data;
    expect(await house.click('approve', ada, rest)).toMatchObject({ status: 409, code: 'stale' });
  });

  it.each(['explode', '__proto__', 'constructor', ''])('with the unknown verb “%s” is refused', async (verb) => {
    const { house, data } = await planned();
    expect(await house.click(verb, ada, data)).toMatchObject({ kind: 'error', status: 400, code: 'unknown-verb' });
  });

  it('after the time to decide has passed is refused', async () => {
    const { house, data } = await planned();
    house.world.clock.advance(house.policy.document.decideWithinMinutes * 60);
    expect(await house.click('approve', ada, data)).toMatchObject({ status: 409, code: 'wrong-state' });
  });
});
