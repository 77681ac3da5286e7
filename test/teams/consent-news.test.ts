import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { RefusedError, UnavailableError } from '../../src/core/errors.ts';
import type { SentMessage } from '../../src/core/store.ts';
import type { ConsentOutcome } from '../../src/ports/admin-consent.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { ConsentNews } from '../../src/teams/consent-news.ts';
import { FakeLadder } from '../support/fake-ladder.ts';
import { MemoryConsentDesk } from '../support/memory-consent-desk.ts';

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
let posted: { conversation: string; card: Card }[];
let updated: { message: SentMessage; card: Card }[];
let learned: string[];
let closed: Error | null;

beforeEach(() => {
  desk = new MemoryConsentDesk();
  ladder = new FakeLadder();
  [posted, updated, learned] = [[], [], []];
  closed = null;
});

function news(): ConsentNews {
  const notifier: Pick<Notifier, 'post' | 'update' | 'personal'> = {
    post: async (conversation, card) => {
      if (closed && conversation === thread) throw closed;
      posted.push({ conversation, card });
      return { conversation, messageId: '2' };
    },
    update: async (message, card) => {
      if (closed) throw closed;
      updated.push({ message, card });
    },
    personal: async ({ objectId }) => `personal:${objectId}`,
  };
  const tenants = {
    managed: async () => [{ id: CONTOSO, name: 'contoso' }],
    learn: (_tenant: object, domains: readonly string[]) => learned.push(...domains),
    ownerOf: () => Promise.reject(new Error('not asked')),
    refresh: () => Promise.resolve(),
  };
  const options = { consent: desk, ladder, tenants, notifier: notifier as Notifier, homeTenantId: 'home' };
  return new ConsentNews(options);
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
    expect(posted).toMatchObject([
      { conversation: thread, card: { template: 'notice', summary: 'contoso is connected' } },
    ]);
    expect(JSON.stringify(posted)).toContain('a token of exactly this tenant proved it');
    expect(learned).toEqual(['contoso.com']);
  });

  it('says what is missing when consent is not all', async () => {
    ladder.view = roleMissing;
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(JSON.stringify(posted)).toContain('something is still missing');
    expect(JSON.stringify(posted)).toContain('An administrator gives the role.');
    expect(learned).toEqual([]);
  });

  it('gives the reason and the next step of a refusal', async () => {
    ladder.view = { ...roleMissing, rungs: { ...roleMissing.rungs, consent: 'no' } };
    const outcome = { kind: 'refused', reason: 'The administrator declined.', next: 'Ask again.' } as const;
    await news().tell(effect(await link(outcome), true));
    expect(JSON.stringify(posted)).toContain('The administrator declined. Ask again.');
    expect(JSON.stringify(updated)).toContain('The administrator declined. Ask again.');
  });

  it('only edits the card when somebody looks again, and posts nothing where none was shown', async () => {
    await news().tell(effect(await link({ kind: 'open' }), false));
    expect([updated.length, posted.length]).toEqual([1, 0]);
    await news().tell(effect(await link({ kind: 'open' }, false), false));
    await news().tell(effect('unknown', true));
    expect([updated.length, posted.length]).toEqual([1, 0]);
  });

  it('goes to the requester when the conversation is closed to us, and is tried again when Teams is away', async () => {
    closed = new RefusedError('Gone.', { operation: 'x', next: 'x' });
    await news().tell(effect(await link({ kind: 'granted' }), true));
    expect(posted.map(({ conversation }) => conversation)).toEqual([`personal:${RITA}`]);
    closed = new UnavailableError('Later.', { operation: 'x', next: 'x' });
    await expect(news().tell(effect(await link({ kind: 'granted' }), true))).rejects.toBe(closed);
  });
});
