import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { RefusedError, UnavailableError, UnknownOutcomeError } from '../../src/core/errors.ts';
import type { SentMessage } from '../../src/core/store.ts';
import { subscriptionEntry } from '../../src/core/subscription-entry.ts';
import type { ConsentOutcome } from '../../src/ports/admin-consent.ts';
import type { NewLetter } from '../../src/ports/letters.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { ConsentNews } from '../../src/teams/consent-news.ts';
import { Subscribers } from '../../src/teams/subscribers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLadder } from '../support/fake-ladder.ts';
import { MemoryConsentDesk } from '../support/memory-consent-desk.ts';
import { MemorySubscriptions } from '../support/memory-subscriptions.ts';
import { ada } from '../support/people.ts';

const CONTOSO = 'c0000000-0000-4000-8000-000000000001';
const RITA = '11111111-0000-4000-8000-000000000001';
const thread = 'channel;messageid=1';
const roleMissing = {
  rungs: { consent: 'yes', permission: 'yes', role: 'no', read: 'unknown' },
  what: 'Not this cmdlet (403).',
  next: 'An administrator gives the role.',
  domains: [],
  beside: '',
} as const;

let desk: MemoryConsentDesk;
let ladder: FakeLadder;
let addressed: NewLetter[];
let subscriptions: MemorySubscriptions;
let updated: { message: SentMessage; card: Card }[];
let learned: string[];
let away: Error | null;
let isGone: boolean;

beforeEach(() => {
  desk = new MemoryConsentDesk();
  ladder = new FakeLadder();
  subscriptions = new MemorySubscriptions();
  [addressed, updated, learned] = [[], [], []];
  [away, isGone] = [null, false];
});

function news(): ConsentNews {
  const notifier: Pick<Notifier, 'update' | 'personal' | 'scopeOf'> = {
    update: async (message, card) => {
      if (away) throw away;
      updated.push({ message, card });
    },
    personal: async ({ objectId }) => `personal:${objectId}`,
    scopeOf: async (conversation) => (isGone && conversation === thread ? null : 'channel'),
  };
  const tenants = {
    managed: async () => [{ id: CONTOSO, name: 'contoso' }],
    learn: (_tenant: object, domains: readonly string[]) => learned.push(...domains),
    ownerOf: () => Promise.reject(new Error('not asked')),
    refresh: () => Promise.resolve(),
  };
  const letters = {
    add: async (some: readonly NewLetter[]) => void addressed.push(...some.filter(isNew)),
    take: async () => null,
  };
  const told = { letters, subscriptions, notifier: notifier as Notifier, clock: new FakeClock() };
  const roles = { actor: async () => ada };
  const subscribers = new Subscribers({ ...told, roles, store: { get: async () => null } });
  return new ConsentNews({ ...told, subscribers, consent: desk, ladder, tenants, homeTenantId: 'home' });
}

/** As the store keeps them: each key once in a conversation. */
function isNew({ key, conversation }: NewLetter): boolean {
  return !addressed.some((one) => one.key === key && one.conversation === conversation);
}

async function link(outcome: ConsentOutcome, shown = true): Promise<string> {
  const { id } = await desk.begin({ tenantId: CONTOSO, requesterId: RITA, conversation: thread }, { actor: null });
  desk.change(id, { outcome, card: shown ? { conversation: thread, messageId: '1' } : null });
  return id;
}

function effect(consentId: string, isNews: boolean) {
  return { kind: 'consent', consentId, isNews } as const;
}

describe('teams/consent-news', () => {
  it('edits the card, tells the thread that the tenant is connected, and learns its domains', async () => {
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(updated).toMatchObject([{ message: { messageId: '1' }, card: { summary: 'contoso: connected' } }]);
    expect(addressed).toMatchObject([
      { conversation: thread, audience: 'thread', notice: { kind: 'connected', headline: 'contoso is connected' } },
    ]);
    expect(addressed[0]?.notice.body).toContain('a token of exactly this tenant proved it');
    expect(learned).toEqual(['contoso.com']);
  });

  it('tells once what became of a link, however often it is carried out, and does not write its id', async () => {
    const id = await link({ kind: 'granted' });
    away = new UnknownOutcomeError('Lost.', { operation: 'x', next: 'x' });
    for (let attempt = 0; attempt < 4; attempt += 1) await expect(news().tell(effect(id, true))).rejects.toBe(away);
    away = null;
    await news().tell(effect(id, true));
    expect(addressed).toHaveLength(1);
    expect(addressed[0]?.key).toMatch(/^consent:[0-9a-f]{12}:granted$/u);
  });

  it('tells whoever subscribed to the tenant that it is connected, and nobody else', async () => {
    const entry = subscriptionEntry('subscribed', { kind: 'all' }, 'home', { actor: ada });
    const wish = { digest: null, timeZone: null, by: ada } as const;
    const tenant = { kind: 'tenant', tenantId: CONTOSO, name: 'contoso' } as const;
    await subscriptions.put({ ...wish, conversation: 'alerts', topic: tenant, digest: 'daily' }, entry);
    await subscriptions.put({ ...wish, conversation: 'other', topic: { ...tenant, tenantId: 'x' } }, entry);
    await subscriptions.put({ ...wish, conversation: 'channel', topic: { kind: 'all' } }, entry);
    const seen = ladder.view;
    ladder.view = roleMissing;
    await news().tell(effect(await link({ kind: 'granted' }), true));
    ladder.view = seen;
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(addressed.map(({ conversation }) => conversation)).toEqual([thread, thread, 'alerts']);
    expect(addressed[2]).toMatchObject({ audience: 'subscriber', digest: 'daily', by: ada });
  });

  it('says what is missing when consent is not all', async () => {
    ladder.view = roleMissing;
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(JSON.stringify(addressed)).toContain('something is still missing');
    expect(JSON.stringify(addressed)).toContain('An administrator gives the role.');
    expect(learned).toEqual([]);
  });

  it('gives the reason and the next step of a refusal', async () => {
    ladder.view = { ...roleMissing, rungs: { ...roleMissing.rungs, consent: 'no' } };
    const outcome = { kind: 'refused', reason: 'The administrator declined.', next: 'Ask again.' } as const;
    await news().tell(effect(await link(outcome), true));
    expect(JSON.stringify(addressed)).toContain('The administrator declined. Ask again.');
    expect(JSON.stringify(updated)).toContain('The administrator declined. Ask again.');
  });

  it('only edits the card when somebody looks again, and tells nothing of a link nobody knows', async () => {
    await news().tell(effect(await link({ kind: 'open' }), false));
    expect([updated.length, addressed.length]).toEqual([1, 0]);
    await news().tell(effect(await link({ kind: 'open' }, false), false));
    await news().tell(effect('unknown', true));
    expect([updated.length, addressed.length]).toEqual([1, 0]);
  });

  it('goes to the requester when the conversation is gone, before it is addressed or when it is sent', async () => {
    const chat = `personal:${RITA}`;
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(addressed).toMatchObject([{ conversation: thread, otherwise: chat }]);
    isGone = true;
    away = new RefusedError('Gone.', { operation: 'x', next: 'x' });
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(addressed[1]).toMatchObject({ conversation: chat, audience: 'requester' });
  });

  it('is carried out again when Teams is away', async () => {
    away = new UnavailableError('Later.', { operation: 'x', next: 'x' });
    await expect(news().tell(effect(await link({ kind: 'granted' }), true))).rejects.toBe(away);
  });
});
