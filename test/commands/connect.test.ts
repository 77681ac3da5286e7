import { beforeEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../../src/commands/dispatch.ts';
import type { ActionAnswer } from '../../src/commands/turn.ts';
import type { Card } from '../../src/core/card.ts';
import type { Actor } from '../../src/core/person.ts';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, omar, rita } from '../support/people.ts';

let yard: MemorySwitchyard;

beforeEach(() => {
  yard = new MemorySwitchyard();
});

const textOf = (card: Card): string => JSON.stringify(card.model);
function press(actor: Actor, data: unknown, where = conversation): Promise<ActionAnswer> {
  const turn = { actor, conversation: where, messageId: 'card-1', verb: 'connect-check', data };
  return createDispatcher(yard.services, (error) => yard.defects.push(error)).action(turn);
}

const click = (actor: Actor, link: string, where?: string): Promise<ActionAnswer> => press(actor, { link }, where);

/** The link of the newest card. */
function newest(): string {
  return [...yard.consent.standings.keys()].at(-1) ?? '';
}

describe('commands/connect', () => {
  it('gives a link that is bound to tenant, requester and conversation, before it looks at anything', async () => {
    const { card, livingCardOf } = await yard.say('connect contoso');
    expect(card.template).toBe('connect');
    expect(card.model).toMatchObject({
      mark: '◷ Looking how far we get',
      hasLink: true,
      url: expect.stringContaining('state='),
    });
    expect(livingCardOf).toBe(`consent:${newest()}`);
    const { request } = (await yard.consent.standingOf(newest())) ?? expect.fail('no link');
    expect(request).toMatchObject({ tenantId: yard.world.tenant.id, requesterId: rita.objectId });
    expect(yard.consent.asked).toMatchObject([{ actor: { objectId: rita.objectId }, source: { conversation } }]);
  });

  it('finds a tenant by name, id or domain, in a sentence too, and guesses none', async () => {
    for (const name of ['Contoso', yard.world.tenant.id, 'sales.contoso.com', 'to the tenant contoso.']) {
      expect((await yard.say(`connect ${name}`)).card.template).toBe('connect');
    }
    expect(textOf((await yard.say('connect contosso')).card)).toContain('Did you mean contoso?');
    expect(textOf((await yard.say('connect')).card)).toContain('name of the tenant is missing');
    expect(textOf((await yard.say('connect nobody.example')).card)).toContain('no accepted domain');
  });

  it('is refused to whoever is no requester, and access is not', async () => {
    expect(textOf((await yard.say('connect contoso', ada)).card)).toContain('Only a requester');
    expect(yard.consent.standings.size).toBe(0);
    expect((await yard.say('access contoso', ada)).card.model).toMatchObject({
      mark: '✓ Connected',
      hasLink: false,
      hasCheck: false,
    });
  });
});

describe('commands/actions/connect-check', () => {
  it('looks again with the same link while it is open, for its requester', async () => {
    await yard.say('connect contoso');
    const answer = await click(rita, newest());
    expect(answer).toMatchObject({ kind: 'card', card: { model: { link: newest(), hasLink: true } } });
    expect(yard.consent.standings.size).toBe(1);
    expect((await yard.consent.standingOf(newest()))?.card).toMatchObject({ messageId: 'card-1' });
  });

  it('gives whoever clicks a link of their own when the old one is used up or somebody else’s', async () => {
    await yard.say('connect contoso');
    const first = newest();
    expect(await click(omar, first)).toMatchObject({ kind: 'card' });
    const second = newest();
    expect(second).not.toBe(first);
    expect((await yard.consent.standingOf(second))?.request.requesterId).toBe(omar.objectId);
    yard.consent.change(second, { link: null });
    await click(omar, second);
    expect(newest()).not.toBe(second);
  });

  it('does nothing for others, elsewhere, or with what it did not put there', async () => {
    await yard.say('connect contoso');
    const link = newest();
    expect(await click(ada, link)).toMatchObject({ kind: 'error', status: 403 });
    expect(await click(rita, link, 'another conversation')).toMatchObject({ kind: 'error', status: 404 });
    expect(await click(rita, 'y'.repeat(43))).toMatchObject({ kind: 'error', status: 404 });
    for (const data of [null, {}, { link: 'short' }, { link, tenant: 'x' }]) {
      expect(await press(rita, data)).toMatchObject({ kind: 'error', status: 400 });
    }
    expect(yard.consent.standings.size).toBe(1);
  });
});
