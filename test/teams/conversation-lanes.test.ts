import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThrottledError } from '../../src/core/errors.ts';
import { ConversationLanes, type Urgency } from '../../src/teams/conversation-lanes.ts';
import { VirtualTime } from '../support/virtual-time.ts';

/** Teams' figures, written down a second time so that a slip in the program shows. */
const PER_CONVERSATION = [
  [7, 1000],
  [8, 2000],
  [60, 30_000],
  [1800, 3_600_000],
] as const;
const PER_APP = [[30, 1000]] as const;

/** Teams as the lanes see it: notes when each send arrives, and throttles or breaks some. */
class Channel {
  readonly arrivals: { readonly at: number; readonly conversation: string; readonly name: string }[] = [];
  readonly lanes: ConversationLanes;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
    this.lanes = new ConversationLanes(time);
  }

  /** Sends until it was taken, as the outbox does with what is given back. */
  async deliver(
    conversation: string,
    name: string,
    urgency: Urgency,
    { latency = 0, refusals = 0 } = {},
  ): Promise<void> {
    let left = refusals;
    const send = async (): Promise<void> => {
      await this.#time.sleep(latency / 2);
      this.arrivals.push({ at: this.#time.now(), conversation, name: left > 0 ? '' : name });
      await this.#time.sleep(latency / 2);
      left -= 1;
      if (left >= 0) throw new ThrottledError('slower', { operation: 'post', next: '', retryAfterSeconds: null });
    };
    for (;;) {
      try {
        await this.lanes.run(conversation, { urgency, send, again: (_error, attempt) => (attempt < 3 ? 300 : null) });
        return;
      } catch (error) {
        if (!(error instanceof ThrottledError)) throw error;
        await this.#time.sleep((error.retryAfterSeconds ?? 1) * 1000);
      }
    }
  }

  names(conversation: string): string[] {
    return this.arrivals.filter((one) => one.conversation === conversation && one.name !== '').map(({ name }) => name);
  }
}

/** The most sends in any window of this length. */
function most(times: readonly number[], withinMs: number): number {
  let first = 0;
  return times.reduce((record, at, index) => {
    while ((times[first] ?? 0) < at - withinMs) first += 1;
    return Math.max(record, index - first + 1);
  }, 0);
}

function expectWithin(times: readonly number[], limits: readonly (readonly [number, number])[]): void {
  const sorted = times.toSorted((one, other) => one - other);
  for (const [count, withinMs] of limits) expect(most(sorted, withinMs)).toBeLessThanOrEqual(count);
}

const message = fc.record({
  conversation: fc.constantFrom('19:a', '19:a;messageid=7', '19:b', 'a:rita'),
  after: fc.nat(400),
  urgency: fc.constantFrom<Urgency>('notice', 'notice', 'answer'),
  latency: fc.nat(900),
  refusals: fc.constantFrom(0, 0, 0, 1, 2, 4),
});

type Message = typeof message extends fc.Arbitrary<infer One> ? One : never;

/** Notices one after the other per conversation, as the outbox sends them; answers whenever they come. */
async function sendAll(channel: Channel, time: VirtualTime, messages: readonly Message[]) {
  const before = new Map<string, Promise<void>>();
  const wanted = new Map<string, string[]>();
  const all: Promise<void>[] = [];
  for (const [index, { conversation, after, urgency, ...answered }] of messages.entries()) {
    await time.sleep(after);
    const key = conversation.split(';')[0] ?? '';
    const name = `${urgency} ${index}`;
    const queue = urgency === 'notice' ? key : name;
    const done = (before.get(queue) ?? Promise.resolve()).then(() => channel.deliver(key, name, urgency, answered));
    before.set(queue, done);
    all.push(done);
    if (urgency === 'notice') wanted.set(key, [...(wanted.get(key) ?? []), name]);
  }
  await Promise.all(all);
  return wanted;
}

describe('sends through the lanes', () => {
  it('never exceed a window of Teams and keep their order, whatever is sent where, when and how it is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 150 }), async (messages) => {
        const time = new VirtualTime();
        const channel = new Channel(time);
        const wanted = await time.during(sendAll(channel, time, messages));

        expectWithin(
          channel.arrivals.map(({ at }) => at),
          PER_APP,
        );
        for (const key of ['19:a', '19:b', 'a:rita']) {
          const here = channel.arrivals.filter(({ conversation }) => conversation === key);
          expectWithin(
            here.map(({ at }) => at),
            PER_CONVERSATION,
          );
          expect(channel.names(key).filter((name) => name.startsWith('notice'))).toEqual(wanted.get(key) ?? []);
        }
        expect(channel.arrivals.filter(({ name }) => name !== '')).toHaveLength(messages.length);
      }),
      { numRuns: 60, seed: 20_261_121 },
    );
  });

  it('stay below 1,800 an hour when there are more than that', async () => {
    const time = new VirtualTime();
    const channel = new Channel(time);
    const names = Array.from({ length: 1900 }, (_, index) => `${index}`);
    await time.during(
      (async () => {
        for (const name of names) await channel.deliver('19:a', name, 'notice');
      })(),
    );

    expect(channel.names('19:a')).toEqual(names);
    expectWithin(
      channel.arrivals.map(({ at }) => at),
      PER_CONVERSATION,
    );
    expect(time.now()).toBeGreaterThan(3_600_000);
  });

  it('to a hundred conversations at once stay below 30 a second in all', async () => {
    const time = new VirtualTime();
    const channel = new Channel(time);
    const keys = Array.from({ length: 100 }, (_, index) => `19:${index}`);
    await time.during(Promise.all(keys.map((key) => channel.deliver(key, key, 'answer', { latency: 700 }))));

    expect(channel.arrivals).toHaveLength(100);
    expectWithin(
      channel.arrivals.map(({ at }) => at),
      PER_APP,
    );
  });

  it('let the answer to a person overtake the notices that wait', async () => {
    const time = new VirtualTime();
    const channel = new Channel(time);
    const notices = Array.from({ length: 30 }, (_, index) => channel.deliver('19:a', `notice ${index}`, 'notice'));
    const answer = time.sleep(500).then(() => channel.deliver('19:a', 'answer', 'answer'));
    await time.during(Promise.all([...notices, answer]));

    expect(channel.names('19:a').indexOf('answer')).toBe(5);
    expect(channel.arrivals.find(({ name }) => name === 'answer')?.at).toBeLessThan(600);
  });

  it('are given back when what is before them hangs, and never sent after that', async () => {
    const lanes = new ConversationLanes(undefined, 50);
    const hanging = Promise.withResolvers<void>();
    const sent: string[] = [];
    const send = (name: string, urgency: Urgency) =>
      lanes.run('19:a', { urgency, send: async () => void sent.push(name) });
    const before = lanes.run('19:a', { urgency: 'notice', send: () => hanging.promise });

    await expect(send('notice', 'notice')).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: null });
    const answer = send('answer', 'answer');
    hanging.resolve();
    await Promise.all([before, answer, send('later', 'notice')]);

    expect(sent).toEqual(['answer', 'later']);
  });

  it('that hang themselves are not begun again once they are late', async () => {
    const lanes = new ConversationLanes(undefined, 50);
    const hanging = Promise.withResolvers<void>();
    let begun = 0;
    const send = async (): Promise<void> => {
      begun += 1;
      await hanging.promise;
    };
    const sent = lanes.run('19:a', { urgency: 'notice', send, again: () => 0 });
    const late = expect(sent).rejects.toMatchObject({ code: 'throttled' });
    setTimeout(() => hanging.reject(new Error('cut off')), 100);

    await late;
    expect(begun).toBe(1);
  });

  it('are given back when the wait would be long', async () => {
    const time = new VirtualTime();
    const lanes = new ConversationLanes(time);
    lanes.silence('19:a', 60_000);

    const sent = lanes.run('19:a;messageid=1', { urgency: 'notice', send: () => Promise.resolve() });

    await expect(time.during(sent)).rejects.toMatchObject({ code: 'throttled', retryAfterSeconds: 60 });
  });
});
