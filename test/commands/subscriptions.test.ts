import { describe, expect, it } from 'vitest';
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

  it('in a conversation it was not issued to is refused and remembers nothing', async () => {
    const house = new MemorySwitchyard();
    await house.say(setUp);
    await house.settle();
    const { id } = await house.request();

    expect(await house.click('approve', ada, undefined, '19:other@thread.tacv2')).toMatchObject({ status: 403 });

    expect(await house.store.cardsOf(id)).toEqual([]);
  });
});
