import { describe, expect, it, vi } from 'vitest';
import {
  type OpsError,
  RejectedError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../src/core/errors.ts';
import { connectorName, houseFor, type Story, sentences, setUp } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada } from '../support/people.ts';

const detail = { operation: 'test', next: 'Look again.' };

async function told(story: Story): Promise<MemorySwitchyard> {
  const house = await houseFor(story);
  await house.carryThrough(sentences[story]);
  return house;
}

/** Connectors without what is random. */
async function connectorsOf(house: MemorySwitchyard): Promise<object[]> {
  return (await house.connectors()).map(({ Guid: _guid, ...connector }) => connector);
}

const writes: readonly (readonly [Story, string])[] = [
  ['set-up-gateway', 'New-InboundConnector'],
  ['set-up-gateway', 'Set-InboundConnector'],
  ['lock-down', 'Set-InboundConnector'],
  ['unlock', 'Set-InboundConnector'],
];

const troubles: readonly (readonly [string, OpsError, { times?: number; afterEffect?: boolean }])[] = [
  ['429 with Retry-After', new ThrottledError('slow down', { ...detail, retryAfterSeconds: 7 }), { times: 3 }],
  ['429 without Retry-After', new ThrottledError('slow down', { ...detail, retryAfterSeconds: null }), { times: 3 }],
  ['503', new UnavailableError('out of order', detail), { times: 3 }],
  ['no answer without effect', new UnknownOutcomeError('no answer', detail), {}],
  ['no answer after the effect', new UnknownOutcomeError('no answer', detail), { afterEffect: true }],
];

describe('a write', () => {
  for (const [story, cmdlet] of writes) {
    it.each(troubles)(`of ${story} by ${cmdlet} takes effect once after %s`, async (_what, error, how) => {
      const house = await houseFor(story);
      await house.say(sentences[story]);
      await house.settle();
      await house.click('approve', ada);
      house.world.exchange.fail(cmdlet, error, how);
      await house.settle();
      expect(await house.request()).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
      expect(await connectorsOf(house)).toEqual(await connectorsOf(await told(story)));
      expect(house.sent().filter((sent) => sent === cmdlet)).toHaveLength(1 + (how.afterEffect ? 0 : (how.times ?? 1)));
    });
  }

  it('waits as long as Exchange asks', async () => {
    const house = await houseFor('unlock');
    const before = house.world.clock.now().getTime();
    const error = new ThrottledError('slow down', { ...detail, retryAfterSeconds: 600 });
    house.world.exchange.fail('Set-InboundConnector', error);
    await house.carryThrough('unlock contoso.com');
    expect(house.world.clock.now().getTime() - before).toBe((600 + 60 + 60) * 1000);
  });

  it('is waited for until Exchange shows it', async () => {
    const house = await houseFor('set-up-gateway');
    const { exchange, clock } = house.world;
    const read = exchange.get.bind(exchange);
    const shows = clock.now().getTime() + 240_000;
    vi.spyOn(exchange, 'get').mockImplementation(async (cmdlet, identity) =>
      clock.now().getTime() < shows ? null : read(cmdlet, identity),
    );
    expect((await house.carryThrough(setUp)).state).toBe('done');
    expect(house.sent()).toEqual(['New-InboundConnector', 'Set-InboundConnector']);
  });

  it('that Exchange refuses undoes what was done before, in reverse order', async () => {
    const house = await houseFor('set-up-gateway');
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'rejected', left: [] } });
    expect(request.steps.map(({ status }) => status)).toEqual(['undone', 'failed']);
    expect(house.sent()).toEqual(['New-InboundConnector', 'Set-InboundConnector', 'Remove-InboundConnector']);
    expect(await house.connectors()).toEqual([]);
    expect(await house.store.all()).toEqual([]);
  });

  it('that Exchange refuses because it has done it already counts as done', async () => {
    const house = await houseFor('set-up-gateway');
    const { exchange } = house.world;
    const invoke = exchange.invoke.bind(exchange);
    const read = exchange.get.bind(exchange);
    let reads = 0;
    // The first New- is forgotten by us, and does not show for a while.
    vi.spyOn(exchange, 'get').mockImplementation(async (cmdlet, identity) =>
      reads++ < 4 ? null : read(cmdlet, identity),
    );
    vi.spyOn(exchange, 'invoke').mockImplementation(async (call) => {
      if (call.cmdlet === 'New-InboundConnector') await invoke(call);
      return invoke(call);
    });
    expect((await house.carryThrough(setUp)).state).toBe('done');
    expect(await house.connectors()).toHaveLength(1);
  });

  it('that never reads back is taken back although it does not show', async () => {
    const house = await houseFor('lock-down');
    const stale = (await house.connectors())[0] ?? null;
    vi.spyOn(house.world.exchange, 'get').mockImplementation(() => Promise.resolve(structuredClone(stale) as never));
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'read-back' } });
    expect(house.sent()).toEqual(['Set-InboundConnector', 'Set-InboundConnector']);
    expect(await house.connectors()).toMatchObject([{ Enabled: false }]);
  });

  it('that only half took is taken back', async () => {
    const house = await houseFor('set-up-gateway');
    await house.carryThrough(setUp);
    const drifted = { Identity: connectorName, RequireTls: false, RestrictDomainsToIPAddresses: false };
    const { exchange } = house.world;
    await exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters: drifted });
    const invoke = exchange.invoke.bind(exchange);
    vi.spyOn(exchange, 'invoke').mockImplementationOnce((call) =>
      invoke({ ...call, parameters: { Identity: connectorName, RequireTls: true } }),
    );
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'read-back' } });
    expect(await house.connectors()).toMatchObject([{ RequireTls: false, RestrictDomainsToIPAddresses: false }]);
  });

  it.each([
    ['half made', { RequireTls: false, SenderIPAddresses: [] }],
    ['switched on', { Enabled: true }],
  ])('that made something else of a new connector is taken back (%s)', async (_what, instead) => {
    const house = await houseFor('set-up-gateway');
    const { exchange } = house.world;
    const invoke = exchange.invoke.bind(exchange);
    vi.spyOn(exchange, 'invoke').mockImplementationOnce((call) =>
      invoke({ ...call, parameters: { ...call.parameters, ...instead } }),
    );
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'read-back', left: [] } });
    expect(await house.connectors()).toEqual([]);
  });

  it('that made something else of it and was then changed by a colleague is left to people', async () => {
    const house = await houseFor('set-up-gateway');
    const { exchange, clock } = house.world;
    const invoke = exchange.invoke.bind(exchange);
    const end = clock.now().getTime() + 300_000;
    vi.spyOn(exchange, 'invoke').mockImplementationOnce((call) =>
      invoke({ ...call, parameters: { ...call.parameters, RequireTls: false } }),
    );
    const get = exchange.get.bind(exchange);
    let changed = false;
    let looksAtTheEnd = 0;
    vi.spyOn(exchange, 'get').mockImplementation(async (...asked) => {
      looksAtTheEnd += clock.now().getTime() >= end ? 1 : 0;
      if (looksAtTheEnd > 1 && !changed) {
        changed = true;
        await invoke({ cmdlet: 'Set-InboundConnector', parameters: { Identity: connectorName, Comment: 'mine now' } });
      }
      return get(...asked);
    });
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undo-failed' });
    expect(await house.connectors()).toMatchObject([{ Comment: 'mine now' }]);
  });
});
