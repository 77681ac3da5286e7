import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, eve, rita } from '../support/people.ts';
import { expand, ofType, runsOf } from '../views/expand.ts';

const domains = Array.from({ length: 200 }, (_, at) => `subsidiary-${at}.of-a-large-group.example`);

/** A tenant with two hundred domains behind one gateway, and a lock-down that waits for its decision. */
async function largeTenant(): Promise<MemorySwitchyard> {
  const mx = 'inbound30.exchangedefender.com';
  const dns = Object.fromEntries(['contoso.com', ...domains].map((domain) => [domain, [mx]]));
  const house = new MemorySwitchyard({ acceptedDomains: ['contoso.com', ...domains], dns });
  await house.carryThrough('set up gateway exchangedefender for contoso.com');
  await house.say('lock down contoso.com');
  await house.settle();
  return house;
}

async function pageData(house: MemorySwitchyard, page: string, edit: object = {}): Promise<object> {
  const { id, plan, nonce } = await house.request();
  return { requestId: id, digest: plan?.digest.slice(0, 16), nonce, page, ...edit };
}

async function cardOf(house: MemorySwitchyard, page: string, actor = eve): Promise<Card> {
  const answer = await house.click('page', actor, await pageData(house, page));
  if (answer.kind !== 'card') throw new Error(JSON.stringify(answer));
  return answer.card;
}

function headlineOf(card: Card): string {
  return String(ofType(expand(card), 'TextBlock')[0]?.['text']);
}

describe('a plan that is too long for one card', () => {
  it('is turned page by page by whoever looks at it, and changes nothing', async () => {
    const house = await largeTenant();
    const { revision, state } = await house.request();
    expect(state).toBe('awaiting-approval');
    const first = await cardOf(house, '1');
    const [, last = ''] = /page 1 of (\d+)/u.exec(headlineOf(first)) ?? [];
    expect(Number(last)).toBeGreaterThan(2);
    expect(headlineOf(await cardOf(house, last))).toBe(`The whole plan – page ${last} of ${last}`);
    expect((await house.request()).revision).toBe(revision);
  });

  it('leaves on record who was shown it, page by page or at once, and where', async () => {
    const house = await largeTenant();
    const { id, planVersion, plan } = await house.request();
    await cardOf(house, '2');
    await house.say(`show ${id} full`, ada);
    await house.say(`show ${id}`, rita);
    const views = house.store.audit.filter(({ action }) => action === 'plan-viewed');
    const digest = plan?.digest;
    const common = { requestId: id, digest, outcome: 'accepted', source: { conversation: expect.any(String) } };
    expect(views).toMatchObject([
      { ...common, actor: { name: eve.name }, detail: { planVersion, page: 2 } },
      { ...common, actor: { name: ada.name }, detail: { planVersion } },
    ]);
  });

  it('leads back to the card, with buttons only where it can be decided', async () => {
    const house = await largeTenant();
    const verbs = (card: Card) => ofType(expand(card), 'Action.Execute').map(({ verb }) => verb);
    expect(verbs(await cardOf(house, '0', ada))).toEqual(expect.arrayContaining(['approve', 'deny', 'page']));
    expect(verbs(await cardOf(house, '0'))).toEqual(['page']);
    const elsewhere = await house.click('page', ada, await pageData(house, '0'), '19:another@thread.tacv2');
    expect(elsewhere.kind === 'card' && verbs(elsewhere.card)).toEqual(['page']);
  });

  it('shows no page of a plan that was replaced', async () => {
    const house = await largeTenant();
    const stale = await pageData(house, '1', { digest: '0123456789abcdef' });
    expect(await house.click('page', ada, stale)).toMatchObject({ kind: 'error', status: 409, code: 'stale' });
  });

  it.each([
    [{ page: '-1' }, 400],
    [{ page: 1 }, 400],
    [{ more: 'x' }, 400],
    [{ requestId: 'R-22222222' }, 404],
  ])('refuses a button that carries %j', async (edit, status) => {
    const house = await largeTenant();
    expect(await house.click('page', ada, await pageData(house, '1', edit))).toMatchObject({ kind: 'error', status });
  });

  it('is posted whole, one page below the other, when somebody asks for all of it', async () => {
    const house = await largeTenant();
    const { id } = await house.request();
    const { card, more = [], livingCardOf } = await house.say(`show ${id} full`, rita);
    expect(livingCardOf).toBeUndefined();
    const pages = [card, ...more].map(expand);
    expect(pages.map((page) => ofType(page, 'TextBlock')[0]?.['text'])).toEqual(
      pages.map((_, at) => `The whole plan – page ${at + 1} of ${pages.length}`),
    );
    expect(pages.flatMap((page) => ofType(page, 'Action.Execute'))).toEqual([]);
    const text = pages.flatMap(runsOf).join('\n');
    for (const domain of domains) expect(text).toContain(domain);
  });

  it('is shown as a card where nobody asks for all of it', async () => {
    const house = await largeTenant();
    const { id } = await house.request();
    expect(await house.say(`show ${id}`)).not.toHaveProperty('more');
  });
});
