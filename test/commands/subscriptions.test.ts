import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../src/commands/dispatch.ts';
import { pending } from '../../src/commands/pending.ts';
import { conversation, MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, dora, eve, person, rita } from '../support/people.ts';

const setUp = 'set up gateway exchangedefender for contoso.com';
const channel = '19:mail-ops@thread.tacv2';

async function answer(house: MemorySwitchyard, text: string, actor = rita): Promise<string> {
  const { card } = await house.say(text, actor);
  return `${card.template}: ${card.summary} ${JSON.stringify(card.model)}`;
}

describe('subscriptions', () => {
  it('of a channel hold for the channel as a whole, at once or as a digest', async () => {
    const house = new MemorySwitchyard();
    expect(await answer(house, 'subscribe contoso.com')).toContain('the domain contoso.com');
    expect(await answer(house, 'subscribe to all digest hourly')).toContain('collected, once an hour');
    const tenant = house.world.tenant.name;
    expect(await answer(house, `subscribe ${tenant} daily digest`)).toContain(`The tenant ${tenant}`);

    expect(await house.subscriptions.of(channel)).toMatchObject([
      { topic: { kind: 'domain', domain: 'contoso.com' }, digest: null },
      { topic: { kind: 'all' }, digest: 'hourly' },
      { topic: { kind: 'tenant' }, digest: 'daily' },
    ]);
    expect(await answer(house, 'subscriptions', eve)).toContain('This channel has 3 subscriptions');
    expect(await answer(house, 'unsubscribe all')).toContain('no longer told about');
    expect(await answer(house, 'unsubscribe all')).toContain('had no subscription to end');
    expect(await house.subscriptions.of(channel)).toHaveLength(2);
    const [first] = house.store.audit;
    expect(first).toMatchObject({ action: 'subscribed', actor: { name: 'Rita' }, detail: { domain: 'contoso.com' } });
    expect(house.store.audit.at(-1)).toMatchObject({ action: 'unsubscribed', source: { conversation } });
  });

  it.each(['subscribe', 'subscribe contoso.co', 'subscribe c\u043entoso.com', 'subscribe nobody', 'unsubscribe'])(
    'change nothing by “%s”, which names nothing we know',
    async (text) => {
      const house = new MemorySwitchyard();
      expect(await answer(house, text)).toMatch(/^error: /u);
      expect(await house.subscriptions.of(channel)).toEqual([]);
    },
  );

  it.each([
    ['subscribe all', eve],
    ['subscribe approvals', rita],
    ['unsubscribe approvals', rita],
    ['subscribe approvals digest daily', ada],
  ])('change nothing by “%s” of somebody who may not, or in a way that cannot be', async (text, actor) => {
    const house = new MemorySwitchyard();
    expect(await answer(house, text, actor)).toMatch(/^error: /u);
    expect(await house.subscriptions.of(channel)).toEqual([]);
  });
});

describe('subscriptions of a conversation that is gone', () => {
  it.each([
    [ada, true],
    [person('Oskar', '41', 'operator'), true],
    [rita, false],
  ])('are shown elsewhere to whoever could do something about it', async (actor, isShown) => {
    const house = new MemorySwitchyard();
    await house.say('subscribe all', ada, 'message-1', 'personal');
    expect(await answer(house, 'subscriptions', actor)).toContain('"hasLost":false');
    house.unreachable.add('a:ada');
    const shown = await answer(house, 'subscriptions', actor);
    expect(shown).toContain(`"hasLost":${isShown}`);
    expect(shown.includes('"where":"a:ada"')).toBe(isShown);
  });
});

describe('cards to decide on', () => {
  const oskar = person('Oskar', '41', 'operator');

  it('are for a channel as an operator wishes, and for a chat only when its reader decides', async () => {
    const house = new MemorySwitchyard();
    const alone = await house.say('subscribe approvals', oskar, 'message-1', 'personal');
    expect(JSON.stringify(alone.card.model)).toContain('Only an approver can have cards');
    expect((await house.say('subscribe approvals', oskar)).card.template).toBe('subscriptions');
    expect((await house.say('subscribe approvals', ada, 'message-2', 'personal')).card.template).toBe('subscriptions');
  });

  it('in the chat of whoever asks are no reason to ask there', async () => {
    const house = new MemorySwitchyard();
    await house.say('subscribe approvals', dora, 'message-1', 'personal');
    const { card } = await house.say(setUp, dora, 'message-2', 'personal');
    expect(JSON.stringify(card.model)).toContain('No approver would see the plan');
  });
});

describe('a request made in a personal chat', () => {
  it('is refused while no approver would see it, and says what would help', async () => {
    const house = new MemorySwitchyard();
    const { card } = await house.say(setUp, rita, 'message-1', 'personal');
    expect(card).toMatchObject({ template: 'error', model: { code: 'not-here' } });
    expect(JSON.stringify(card)).toContain('subscribe approvals');
    expect(await house.requests()).toEqual([]);
  });

  it('is refused while the conversation of the operators cannot be reached, typed or as a form', async () => {
    const house = new MemorySwitchyard();
    const services = { ...house.services, operatorConversation: '19:typo@thread.tacv2' };
    const dispatcher = createDispatcher(services, (error) => house.defects.push(error));
    const where = { actor: rita, conversation: 'a:rita' };
    const typed = { ...where, scope: 'personal', activityId: 'm-1', text: setUp } as const;
    const data = { workflow: 'set-up-gateway', domain: 'contoso.com', gateway: 'exchangedefender' };
    const submitted = { ...where, messageId: 'm-2', verb: 'submit', data };

    house.unreachable.add('19:typo@thread.tacv2');
    const refused = await dispatcher.message(typed);
    expect(refused?.card).toMatchObject({ template: 'error', model: { code: 'not-here' } });
    expect(JSON.stringify(refused?.card)).toContain('puts OPERATOR_CONVERSATION right');
    expect(await dispatcher.action(submitted)).toMatchObject({ kind: 'card', card: { model: { code: 'not-here' } } });
    expect(await house.requests()).toEqual([]);

    house.unreachable.clear();
    expect(await dispatcher.action(submitted)).toMatchObject({ kind: 'card', card: { template: 'planning' } });
  });

  it('is refused when whoever had approvals sent cannot have them, or where they arrive nowhere', async () => {
    const house = new MemorySwitchyard();
    const again = () => house.say(setUp, rita, undefined, 'personal');
    await house.say('subscribe approvals', ada, 'message-1', 'personal');
    house.unreachable.add('a:ada');
    expect((await again()).card.template).toBe('error');
    house.unreachable.clear();
    const { roles } = house;
    const actor: typeof roles.actor = async (one) => ({ ...(await roles.actor(one)), roles: ['requester'] });
    house.roles = { ...roles, actor };
    expect((await again()).card.template).toBe('error');
    expect(await house.requests()).toEqual([]);
  });

  it('is opened once somebody has approvals sent somewhere, and decided on the card there', async () => {
    const house = new MemorySwitchyard();
    await house.say('subscribe approvals', ada);
    await house.say(setUp, rita, 'message-1', 'personal');
    await house.settle();
    const { id } = await house.request();
    const copy = { conversation: '19:alerts@thread.tacv2', messageId: 'm-9' };
    const inThread = `${copy.conversation};messageid=${copy.messageId}`;

    expect(await house.click('approve', ada, undefined, inThread)).toMatchObject({ status: 403, code: 'refused' });
    await house.store.rememberCard(id, copy);
    await house.store.rememberCard(id, { conversation: 'a:ada', messageId: 'm-10' });
    const turn = { actor: ada, conversation: 'a:ada', scope: 'personal', activityId: 'm-11', text: 'pending' } as const;
    const listed = await pending.run(house.services, turn, []);
    expect(JSON.stringify(listed.card)).toContain('further up in this conversation');
    expect(await house.click('approve', ada, undefined, inThread)).toMatchObject({ kind: 'card' });
  });
});

describe('a click on a card nobody knew of', () => {
  it('makes it known, so that it is edited from then on', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();
    expect(await house.store.cardsOf(id)).toEqual([]);

    await house.click('deny', ada);

    expect(await house.store.cardsOf(id)).toMatchObject([{ conversation, messageId: 'card-1' }]);
  });

  it('makes no more than twenty known there, and cards of ours elsewhere do not count', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();
    for (let card = 0; card < 30; card += 1) {
      await house.store.rememberCard(id, { conversation: `19:approvals-${card}`, messageId: 'ours' });
    }
    for (let card = 0; card < 19; card += 1)
      await house.store.rememberCard(id, { conversation, messageId: `m-${card}` });
    await house.click('deny', ada);
    const dispatcher = createDispatcher(house.services, (error) => house.defects.push(error));
    const data = { requestId: id, nonce: (await house.request()).nonce };
    await dispatcher.action({ actor: ada, conversation, messageId: 'card-2', verb: 'deny', data });

    const here = (await house.store.cardsOf(id)).filter((card) => card.conversation === conversation);
    expect(here).toHaveLength(20);
    expect(here.at(-1)).toMatchObject({ messageId: 'card-1' });
  });

  it('in a conversation it was not issued to is refused and remembers nothing', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();

    expect(await house.click('approve', ada, undefined, '19:other@thread.tacv2')).toMatchObject({ status: 403 });

    expect(await house.store.cardsOf(id)).toEqual([]);
  });
});
