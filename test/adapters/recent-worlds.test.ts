import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Worlds } from '../../src/adapters/recent/worlds.ts';
import { UnavailableError } from '../../src/core/errors.ts';
import { TakenOverError } from '../../src/core/taken-over.ts';
import { accepted } from '../support/fake-smtp.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { newConnector } from '../support/scripted-exchange.ts';
import { jsonAnswer } from '../support/scripted-https.ts';

const contoso = scriptedContoso();
const name = 'Gateway';
const set = { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, Comment: 'new' } };
const ours = () => Promise.resolve();

let now: number;
let worlds: Worlds;
let outside: FakeWorld;

beforeEach(() => {
  now = 1_000_000;
  worlds = new Worlds(() => (now += 0.001));
  outside = fakeWorld({
    connectors: [{ Name: name }],
    acceptedDomains: ['contoso.com'],
    dns: { 'contoso.com': ['mx.gateway.example'] },
    smtp: { 'mx.gateway.example': accepted },
  });
});

const run = () => worlds.forRun(outside, ours);
const comment = async ({ exchange }: Pick<FakeWorld, 'exchange'> | ReturnType<typeof run>['fresh']) =>
  (await exchange.get('Get-InboundConnector', name))?.Comment;

describe('adapters/recent: a read of a run', () => {
  it('is answered by what was read up to five real seconds ago, and not by anything older', async () => {
    const get = vi.spyOn(outside.exchange, 'get');
    const { recent } = run();
    await comment(recent);
    now += 4990;
    await comment(recent);
    expect(get).toHaveBeenCalledTimes(1);
    now += 20;
    await comment(recent);
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('counts its age from the moment it was asked, however long the answer took', async () => {
    const get = vi.spyOn(outside.exchange, 'get');
    get.mockImplementationOnce(() => {
      now += 6000;
      return Promise.resolve(null);
    });
    const { recent } = run();
    await comment(recent);
    expect(await comment(recent)).toBe('');
  });

  it('that reads back is always asked, and what it found is known then', async () => {
    const get = vi.spyOn(outside.exchange, 'get');
    const { fresh, recent } = run();
    await comment(recent);
    await comment(fresh);
    await comment(fresh);
    expect(get).toHaveBeenCalledTimes(3);
    await comment(recent);
    expect(get).toHaveBeenCalledTimes(3);
  });

  it('after a write never sees what was read before it, nor what was asked while it was under way', async () => {
    const { recent } = run();
    const late = Promise.withResolvers<null>();
    expect(await comment(recent)).toBe('');
    const invoke = outside.exchange.invoke.bind(outside.exchange);
    vi.spyOn(outside.exchange, 'invoke').mockImplementation(async (call) => {
      vi.spyOn(outside.exchange, 'get').mockReturnValueOnce(late.promise as never);
      void recent.exchange.get('Get-InboundConnector', name);
      return invoke(call);
    });
    await recent.exchange.invoke(set);
    late.resolve(null);
    expect(await comment(recent)).toBe('new');
  });

  it('after something was set back is asked again', async () => {
    const { recent } = run();
    expect(await comment(recent)).toBe('');
    await recent.exchange.restore(set);
    expect(await comment(recent)).toBe('new');
  });

  it('after a write that failed is asked again too', async () => {
    const { recent } = run();
    expect(await comment(recent)).toBe('');
    const gone = new UnavailableError('gone', { operation: 'test', next: '' });
    outside.exchange.fail(set.cmdlet, gone, { afterEffect: true });
    await expect(recent.exchange.invoke(set)).rejects.toBe(gone);
    expect(await comment(recent)).toBe('new');
  });

  it('finds its object in the newest of what is known, list or object', async () => {
    const { fresh, recent } = run();
    await comment(fresh);
    await outside.exchange.invoke(set);
    expect(await comment(recent)).toBe('');
    await fresh.exchange.lists(['Get-InboundConnector', 'Get-AcceptedDomain']);
    expect(await comment(recent)).toBe('new');
    expect(await recent.exchange.get('Get-InboundConnector', 'nowhere')).toBeNull();
  });

  it('of several lists asks only for those that are not known', async () => {
    const lists = vi.spyOn(outside.exchange, 'lists');
    const { recent } = run();
    await recent.exchange.list('Get-AcceptedDomain');
    const both = await recent.exchange.lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(both['Get-AcceptedDomain']).toHaveLength(1);
    expect(lists.mock.calls.map(([cmdlets]) => cmdlets)).toEqual([['Get-TransportRule']]);
    await recent.exchange.lists(['Get-AcceptedDomain', 'Get-TransportRule']);
    expect(lists).toHaveBeenCalledTimes(1);
  });

  it('of several lists gives each, also when one grows too old while they are put together', async () => {
    for (const left of [0.001, 0.002, 0.003, 0.004]) {
      worlds = new Worlds(() => (now += 0.001));
      const { recent } = run();
      await recent.exchange.list('Get-AcceptedDomain');
      now += 5000 - left;
      const both = await recent.exchange.lists(['Get-AcceptedDomain', 'Get-TransportRule']);
      expect(both['Get-AcceptedDomain']).toHaveLength(1);
    }
  });

  it('that failed is not remembered', async () => {
    const { recent } = run();
    const gone = new UnavailableError('gone', { operation: 'test', next: '' });
    outside.exchange.fail('Get-InboundConnector', gone);
    await expect(comment(recent)).rejects.toBe(gone);
    expect(await comment(recent)).toBe('');
  });

  it('that two ask for at once is asked once, of DNS, SMTP and the directory too', async () => {
    const mx = vi.spyOn(outside.dns, 'mx');
    const mailHost = vi.spyOn(outside.directory, 'mailHost');
    const traces = vi.spyOn(outside.directory, 'messageTraces');
    const { recent } = run();
    const probe = { host: 'mx.gateway.example', address: '192.0.2.1', from: 'a@b.example', to: 'c@contoso.com' };
    await Promise.all([recent.dns.mx('contoso.com'), recent.dns.mx('contoso.com')]);
    await Promise.all([recent.smtp.probe(probe), recent.smtp.probe({ ...probe })]);
    await recent.smtp.probe({ ...probe, to: 'd@contoso.com' });
    await Promise.all([recent.directory.mailHost('contoso.com'), recent.directory.mailHost('contoso.com')]);
    const filter = { from: new Date(0), to: new Date(1) };
    await Promise.all([recent.directory.messageTraces(filter), recent.directory.messageTraces(filter)]);
    expect([mx, mailHost, traces].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2]);
    expect(outside.smtp.requests).toHaveLength(2);
  });

  it.each(['get', 'list', 'lists'] as const)('of several who ask at once (%s) fails nobody else', async (verb) => {
    const back = Promise.withResolvers<void>();
    const signals: (AbortSignal | undefined)[] = [];
    const slowly = async <Answer>(signal: AbortSignal | undefined, answer: Answer): Promise<Answer> => {
      signals.push(signal);
      const gone = new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
      await Promise.race([back.promise, gone]);
      return answer;
    };
    vi.spyOn(outside.exchange, 'get').mockImplementation(((_: string, __: string, signal?: AbortSignal) =>
      slowly(signal, null)) as never);
    vi.spyOn(outside.exchange, 'list').mockImplementation(((_: string, signal?: AbortSignal) =>
      slowly(signal, [])) as never);
    vi.spyOn(outside.exchange, 'lists').mockImplementation(((_: string[], signal?: AbortSignal) =>
      slowly(signal, { 'Get-TransportRule': [] })) as never);
    const { exchange } = run().recent;
    const ask = (signal?: AbortSignal): Promise<unknown> => {
      if (verb === 'get') return exchange.get('Get-TransportRule', 'x', signal);
      return verb === 'list'
        ? exchange.list('Get-TransportRule', signal)
        : exchange.lists(['Get-TransportRule'], signal);
    };
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const gone = ask(first.signal);
    const stays = ask(second.signal);
    first.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    back.resolve();
    await expect(stays).resolves.toBeDefined();
    expect(signals).toHaveLength(1);
    third.abort(new Error('too late'));
    await expect(ask(third.signal)).rejects.toThrow('too late');
  });

  it('is called off when nobody waits for it any more, and asked anew for the next', async () => {
    const signals: AbortSignal[] = [];
    vi.spyOn(outside.exchange, 'lists').mockImplementation(((_: string[], signal: AbortSignal) => {
      signals.push(signal);
      return signals.length === 1 ? new Promise(() => undefined) : Promise.resolve({ 'Get-TransportRule': [] });
    }) as never);
    const { exchange } = run().recent;
    const aborts = [new AbortController(), new AbortController()];
    const asked = aborts.map(({ signal }) =>
      exchange.lists(['Get-TransportRule', 'Get-AcceptedDomain'], signal).catch((error: unknown) => error),
    );
    for (const abort of aborts) abort.abort(new Error('gone'));
    expect(await Promise.all(asked)).toEqual([new Error('gone'), new Error('gone')]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await exchange.lists(['Get-TransportRule']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('that reads back also reads what the next write is about, beside it and once', async () => {
    const next = { kind: 'OutboundConnector', identity: 'To gateway' };
    const asked: string[] = [];
    const back = Promise.withResolvers<null>();
    vi.spyOn(outside.exchange, 'get').mockImplementation((cmdlet) => {
      asked.push(cmdlet);
      return back.promise;
    });
    const { readingBack, recent } = run();
    const { exchange } = readingBack(next);
    const reading = exchange.get('Get-InboundConnector', name);
    expect(asked).toEqual(['Get-OutboundConnector', 'Get-InboundConnector']);
    back.resolve(null);
    await reading;
    await exchange.get('Get-InboundConnector', name);
    await recent.exchange.get('Get-OutboundConnector', 'To gateway');
    expect(asked).toEqual(['Get-OutboundConnector', 'Get-InboundConnector', 'Get-InboundConnector']);
  });

  it('that reads back does not fail with what it reads beside, which is asked again when it is needed', async () => {
    const gone = new UnavailableError('gone', { operation: 'test', next: '' });
    outside.exchange.fail('Get-OutboundConnector', gone);
    const { readingBack, recent } = run();
    expect(await comment(readingBack({ kind: 'OutboundConnector', identity: 'To gateway' }))).toBe('');
    expect(await recent.exchange.get('Get-OutboundConnector', 'To gateway')).toBeNull();
  });

  it('that reads back asks nothing more where the next write is about the same object, or about no known kind', async () => {
    const get = vi.spyOn(outside.exchange, 'get');
    const { readingBack } = run();
    await comment(readingBack({ kind: 'InboundConnector', identity: name.toUpperCase() }));
    await comment(readingBack({ kind: 'Elephant', identity: 'x' }));
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('is never answered by what another tenant said', async () => {
    const other = fakeWorld({ tenant: { id: 'c0000000-0000-4000-8000-000000000002', name: 'fabrikam' } });
    await comment(run().recent);
    expect(await worlds.forRun(other, ours).recent.exchange.get('Get-InboundConnector', name)).toBeNull();
  });
});

describe('adapters/recent: a write of a run', () => {
  it.each(['fresh', 'recent'] as const)(
    'by the %s world is sent only after the run was found to be ours',
    async (age) => {
      const invoke = vi.spyOn(outside.exchange, 'invoke');
      const stillOurs = vi.fn(ours);
      await worlds.forRun(outside, stillOurs)[age].exchange.invoke(set);
      expect(invoke).toHaveBeenCalledWith(set, undefined, stillOurs);
      const restore = vi.spyOn(outside.exchange, 'restore');
      await worlds.forRun(outside, stillOurs)[age].exchange.restore(set);
      expect(restore).toHaveBeenCalledWith(set, undefined, stillOurs);
    },
  );

  it('that another process has taken over never settles, and stands in nobody’s way', async () => {
    const { server } = contoso;
    const tenant = contoso.exchange();
    const world = { ...outside, exchange: tenant };
    const theirs = () => Promise.reject(new TakenOverError('taken over', { operation: 'write', next: 'nothing' }));
    const settled = vi.fn();
    worlds.forRun(world, theirs).fresh.exchange.invoke(newConnector).then(settled, settled);
    server.answer(jsonAnswer(200, {}));
    await worlds.forRun(world, ours).fresh.exchange.invoke(newConnector);
    expect(server.received).toHaveLength(1);
    expect(settled).not.toHaveBeenCalled();
  });
});
