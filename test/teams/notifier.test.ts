import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SentMessage } from '../../src/core/store.ts';
import type { KnownConversation } from '../../src/ports/conversations.ts';
import { type ConnectorAnswer, HOME } from '../support/fake-teams.ts';
import { note, type RunningEdge, startEdge } from '../support/teams-edge.ts';

let edge: RunningEdge;
let channels = 0;
let key = '';

beforeAll(async () => {
  edge = await startEdge();
});

beforeEach(() => {
  channels += 1;
  key = `19:channel-${channels}@thread.tacv2`;
  edge.conversations.known.set(key, known(key));
});

afterEach(() => {
  vi.useRealTimers();
  edge.teams.calls.length = 0;
  edge.teams.answer = () => ({});
});

afterAll(() => edge.stop());

function known(name: string, overrides: Partial<KnownConversation> = {}): KnownConversation {
  const { serviceUrl } = edge.teams;
  return { key: name, serviceUrl, tenantId: HOME, scope: 'channel', personId: null, reference: {}, ...overrides };
}

/** Answers the first calls with these, later ones as usual. */
function answers(...first: ConnectorAnswer[]): void {
  edge.teams.answer = () => first.shift() ?? {};
}

const post = (): Promise<SentMessage> => edge.channel.notifier.post(key, note('Settled'));
const update = (): Promise<void> =>
  edge.channel.notifier.update({ conversation: key, messageId: 'm-1' }, note('Proven'));

const refusal = (status: number, code: string): ConnectorAnswer => ({ status, body: { error: { code, message: '' } } });

describe('a post', () => {
  it('gives the id it can be edited by', async () => {
    answers({ body: { id: 'm-7' } });

    expect(await post()).toEqual({ conversation: key, messageId: 'm-7' });
  });

  it('goes into a thread of a channel that is known only as a whole', async () => {
    const thread = `${key};messageid=17`;

    await edge.channel.notifier.post(thread, note('Settled'));

    expect(edge.teams.calls[0]?.path).toContain(encodeURIComponent(thread));
  });

  it.each([
    ['429 with a time', { status: 429, headers: { 'retry-after': '0' } }],
    ['429 without a time', { status: 429 }],
    ['412', { status: 412 }],
  ])('is repeated after %s, which shows nothing', async (_what, refused) => {
    answers(refused);

    await post();

    expect(edge.teams.calls).toHaveLength(2);
  });

  it('is given back as throttled when Teams asks for a long pause, and nothing else is sent there meanwhile', async () => {
    answers({ status: 429, headers: { 'retry-after': '120' } });

    await expect(post()).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: 120 });
    await expect(update()).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: expect.any(Number) });
    expect(edge.teams.calls).toHaveLength(1);
  });

  it.each<[string, ConnectorAnswer]>([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['504', { status: 504 }],
    ['a redirect', { status: 307, headers: { location: 'https://attacker.example/' } }],
    ['a broken connection', { instead: 'reset' }],
    ['an answer without id', { body: {} }],
  ])('is never repeated after %s', async (_what, answer) => {
    answers(answer);

    await expect(post()).rejects.toMatchObject({ code: 'unknown-outcome' });
    expect(edge.teams.calls).toHaveLength(1);
  });

  it('is given up as unknown when no answer comes in ten seconds', async () => {
    answers({ instead: 'hang' });
    const started = performance.now();

    await expect(post()).rejects.toMatchObject({ code: 'unknown-outcome' });

    expect(performance.now() - started).toBeGreaterThan(9000);
    expect(edge.teams.calls).toHaveLength(1);
  }, 20_000);

  it('that cannot reach Teams was certainly not shown', async () => {
    const serviceUrl = `https://${edge.teams.host}/`;
    const closed = vi
      .spyOn(globalThis, 'fetch')
      .mockRejectedValue(
        new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
      );
    edge.conversations.known.set(key, known(key, { serviceUrl }));

    await expect(post()).rejects.toMatchObject({ code: 'unavailable' });
    closed.mockRestore();
  });

  it.each([
    [403, 'BotNotInConversationRoster'],
    [403, 'ConversationBlockedByUser'],
    [404, 'ConversationNotFound'],
  ])('answered with %i %s forgets the conversation', async (status, code) => {
    answers(refusal(status, code));

    await expect(post()).rejects.toMatchObject({ code: 'refused' });

    expect(edge.conversations.known.has(key)).toBe(false);
    expect(edge.teams.calls).toHaveLength(1);
  });

  it('forgets the conversation also when the reason is wrapped into a text', async () => {
    const message = JSON.stringify({
      subCode: 'MessageWritesBlocked',
      details: 'Thread is blocked from message writes.',
    });
    answers({ status: 403, body: { errorCode: 209, message } });

    await expect(post()).rejects.toMatchObject({ code: 'refused' });

    expect(edge.conversations.known.has(key)).toBe(false);
  });

  it.each([
    [403, 'ServiceError'],
    [403, ''],
    [404, ''],
    [403, 'NotEnoughPermissions'],
  ])('answered with %i “%s” once is repeated, and the conversation stays known', async (status, code) => {
    answers(refusal(status, code));

    await post();

    expect(edge.teams.calls).toHaveLength(2);
    expect(edge.conversations.known.has(key)).toBe(true);
  });

  it('answered with a no without a reason again and again was not shown and may be tried later', async () => {
    edge.teams.answer = () => refusal(403, 'ServiceError');

    await expect(post()).rejects.toMatchObject({ code: 'unavailable' });

    expect(edge.teams.calls).toHaveLength(3);
    expect(edge.conversations.known.has(key)).toBe(true);
  });

  it.each([400, 413])('answered with %i is not repeated', async (status) => {
    answers(refusal(status, 'MessageSizeTooBig'));

    await expect(post()).rejects.toMatchObject({ code: 'rejected' });
    expect(edge.teams.calls).toHaveLength(1);
  });

  it.each(['https://attacker.example/teams/', 'http://127.0.0.1:1/teams/', 'https://127.0.0.1/', 'no address'])(
    'never goes to %s, whatever was stored',
    async (serviceUrl) => {
      edge.conversations.known.set(key, known(key, { serviceUrl }));

      await expect(post()).rejects.toMatchObject({ code: 'refused' });
      expect(edge.teams.calls).toEqual([]);
    },
  );

  it('into an unknown conversation is refused', async () => {
    await expect(edge.channel.notifier.post('19:unknown', note('x'))).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('an update', () => {
  it('replaces the card of the message', async () => {
    await update();

    const [call] = edge.teams.calls;
    expect(call).toMatchObject({
      method: 'PUT',
      path: `/teams/v3/conversations/${encodeURIComponent(key)}/activities/m-1`,
    });
    expect(call?.body).toMatchObject({ id: 'm-1', summary: 'Proven' });
  });

  it.each<[string, ConnectorAnswer]>([
    ['429', { status: 429 }],
    ['412', { status: 412 }],
    ['502', { status: 502 }],
    ['504', { status: 504 }],
    ['a broken connection', { instead: 'reset' }],
  ])('is repeated after %s', async (_what, answer) => {
    answers(answer);

    await update();

    expect(edge.teams.calls).toHaveLength(2);
  });

  it('is given up after three attempts', async () => {
    edge.teams.answer = () => ({ status: 502 });

    await expect(update()).rejects.toMatchObject({ code: 'unavailable' });
    expect(edge.teams.calls).toHaveLength(3);
  });

  it('of a deleted message does not forget the conversation', async () => {
    answers(refusal(404, 'ActivityNotFoundInConversation'));

    await expect(update()).rejects.toMatchObject({ code: 'refused' });
    expect(edge.conversations.known.has(key)).toBe(true);
  });
});

describe('sends to one conversation', () => {
  it('happen one after the other, in order', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    answers({ after: gate });
    const titles = ['first', 'second', 'third'];

    const sent = titles.map((title) => edge.channel.notifier.post(key, note(title)));
    await vi.waitFor(() => expect(edge.teams.calls).toHaveLength(1), { timeout: 10_000 });
    release();
    await Promise.all(sent);

    expect(edge.teams.calls.map(({ body }) => body['summary'])).toEqual(titles);
  });

  it('do not wait for another conversation', async () => {
    const other = `${key}-other`;
    edge.conversations.known.set(other, known(other));
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    answers({ after: gate });

    const held = post();
    await vi.waitFor(() => expect(edge.teams.calls).toHaveLength(1), { timeout: 10_000 });
    await edge.channel.notifier.post(other, note('passes'));
    release();
    await held;

    expect(edge.teams.calls).toHaveLength(2);
  });

  it('stay within what Teams allows', async () => {
    const times: number[] = [];
    edge.teams.answer = () => {
      times.push(performance.now());
      return {};
    };

    await Promise.all(Array.from({ length: 9 }, post));

    const [first = 0] = times;
    expect(times.filter((at) => at - first < 900).length).toBeLessThanOrEqual(7);
    expect(times.filter((at) => at - first < 1900).length).toBeLessThanOrEqual(8);
  });
});
