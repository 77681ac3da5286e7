import { describe, expect, it, vi } from 'vitest';
import { beginRun } from '../../src/core/begin-run.ts';
import type { DurableRun } from '../../src/core/durable.ts';
import type { Json } from '../../src/core/json.ts';
import { openRequest, type ProvisioningRequest } from '../../src/core/request.ts';
import { runFunction } from '../../src/core/run.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { lockDown } from '../../src/workflows/lock-down.ts';
import { accepted } from '../support/fake-smtp.ts';
import { houseFor, connectorName as name, type Story, sentences, setUp } from '../support/memory-story.ts';
import { conversation, gatewayMx, type MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, rita } from '../support/people.ts';
import { whenOnRecord } from '../support/when-on-record.ts';

/** Writes down what Exchange is asked, reads and writes in order: `lists`, `get` or a cmdlet that writes. */
function overhear(house: MemorySwitchyard): string[] {
  const heard: string[] = [];
  const { exchange } = house.world;
  for (const method of ['get', 'lists', 'invoke'] as const) {
    const real = exchange[method].bind(exchange) as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(exchange, method).mockImplementation(((...args: unknown[]) => {
      heard.push(method === 'invoke' ? (args[0] as { cmdlet: string }).cmdlet : method);
      return real(...args);
    }) as never);
  }
  return heard;
}

async function awaitingApproval(story: Story): Promise<MemorySwitchyard> {
  const house = await houseFor(story);
  await house.say(sentences[story]);
  await house.settle();
  return house;
}

async function approve(house: MemorySwitchyard): Promise<void> {
  await house.click('approve', ada);
  await house.settle();
}

describe('from the approving click on', () => {
  it.each([
    ['set-up-gateway', ['lists', 'New-InboundConnector', 'get', 'Set-InboundConnector', 'get']],
    ['lock-down', ['lists', 'Set-InboundConnector', 'get']],
    ['unlock', ['lists', 'Set-InboundConnector', 'get']],
  ] as const)('%s asks Exchange once, and once after each write', async (story, expected) => {
    const house = await awaitingApproval(story);
    const heard = overhear(house);
    await approve(house);
    expect((await house.request()).state).toBe('done');
    expect(heard).toEqual(expected);
  });

  it('the questions of the guards are asked beside the first read', async () => {
    const house = await awaitingApproval('lock-down');
    const { exchange, dns, smtp } = house.world;
    const asked: string[] = [];
    const list = exchange.lists.bind(exchange);
    const released = Promise.withResolvers<void>();
    vi.spyOn(exchange, 'lists').mockImplementation(async (cmdlets) => {
      asked.push('Exchange');
      await released.promise;
      return list(cmdlets);
    });
    const mx = dns.mx.bind(dns);
    vi.spyOn(dns, 'mx').mockImplementation((domain) => {
      asked.push(domain);
      return mx(domain);
    });
    vi.spyOn(smtp, 'probe').mockImplementation(({ host }) => {
      asked.push(host);
      released.resolve();
      return Promise.resolve(accepted);
    });
    await approve(house);
    expect((await house.request()).state).toBe('done');
    // The answer of Exchange was held back until the gateway had been asked; nobody was asked twice before the write.
    expect(asked.slice(0, 4).toSorted()).toEqual(['Exchange', 'contoso.com', gatewayMx, 'sales.contoso.com']);
    expect(asked.filter((what) => what === 'Exchange')).toHaveLength(1);
  });

  it.each(['start', '0 Set-InboundConnector', 'its write'])(
    'a run that comes to "%s" some seconds later asks again',
    async (moment) => {
      const house = await awaitingApproval('unlock');
      const heard = overhear(house);
      const secondsPass = () => {
        house.realSeconds += 6;
      };
      house.engine.onStep = async (name) => {
        if (name === moment) secondsPass();
      };
      if (moment === 'its write') whenOnRecord(house, 'step-running', 0, secondsPass);
      await approve(house);
      expect((await house.request()).state).toBe('done');
      const again = moment === 'start' ? 'lists' : 'get';
      expect(heard).toEqual(['lists', again, 'Set-InboundConnector', 'get']);
    },
  );

  it('a process that takes a run over asks again, and finds what changed', async () => {
    const house = await awaitingApproval('unlock');
    const heard = overhear(house);
    whenOnRecord(house, 'step-running', 0, () => house.mortality.dieIn(0));
    await house.click('approve', ada);
    await house.mortality.survive(house.work());
    expect(heard).toEqual(['lists']);
    house.engine.onStep = () => Promise.resolve();
    house.revive();
    await house.settle();
    expect((await house.request()).state).toBe('done');
    expect(heard).toEqual(['lists', 'get', 'Set-InboundConnector', 'get']);
  });
});

describe('a run that had to wait for its turn', () => {
  /** Another request of the tenant. */
  async function requestOf(house: MemorySwitchyard, state: ProvisioningRequest['state']): Promise<ProvisioningRequest> {
    const { tenant } = await house.request();
    const wanted = {
      id: 'R-22222222',
      workflow: 'lock-down',
      version: 1,
      title: 'Lock down sales.contoso.com',
      tenant,
    };
    const now = house.world.clock.now();
    const planning = { ...wanted, input: { domain: 'sales.contoso.com' }, requester: rita, conversation };
    const other: ProvisioningRequest = { ...openRequest(planning, 'n', now), state };
    const entry = { action: 'asked', requestId: other.id, tenantId: tenant.id, actor: null } as const;
    await house.store.create(other, [], { ...entry, outcome: 'accepted', detail: {} });
    return other;
  }

  const ended = (other: ProvisioningRequest, house: MemorySwitchyard): ProvisioningRequest => ({
    ...other,
    state: 'done',
    revision: other.revision + 1,
    updatedAt: house.world.clock.now().toISOString(),
  });

  /** A lock-down is approved, and a colleague edits the connector in the instant before its run gets its turn. */
  async function lockedDownWhile(
    ahead: (house: MemorySwitchyard) => Promise<ProvisioningRequest>,
    afterwards: (house: MemorySwitchyard, other: ProvisioningRequest) => Promise<unknown>,
  ) {
    const house = await awaitingApproval('lock-down');
    const { id } = await house.request();
    await house.click('approve', ada);
    const other = await ahead(house);
    house.engine.onStep = async (step) => {
      if (step !== 'start') return;
      house.engine.onStep = () => Promise.resolve();
      await afterwards(house, other);
      const parameters = { Identity: name, SenderIPAddresses: ['203.0.113.9'] };
      await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    };
    await house.settle();
    return { house, request: await house.store.get(id) };
  }

  it('behind another one finds what a colleague changed meanwhile, however short the wait was', async () => {
    const end = (house: MemorySwitchyard, other: ProvisioningRequest) =>
      house.store.save(ended(other, house), [], null);
    const { house, request } = await lockedDownWhile((one) => requestOf(one, 'running'), end);
    expect(request).toMatchObject({ state: 'refused', decisions: [{ voided: true }] });
    expect(house.sent()).toEqual(['Set-InboundConnector']);
  });

  it('behind one that began after its own confirmation finds it too', async () => {
    const { house, request } = await lockedDownWhile(
      (one) => requestOf(one, 'confirming'),
      (house, other) => {
        house.world.clock.advance(0.001);
        return house.store.save(ended(other, house), [], null);
      },
    );
    expect(request).toMatchObject({ state: 'refused', decisions: [{ voided: true }] });
    expect(house.sent()).toEqual(['Set-InboundConnector']);
  });
});

describe('a colleague who edits in the seconds in which a read is believed', () => {
  /** Between the two writes of a set-up, a moment after the first one was read back. */
  async function setUpWhile(edit: Readonly<Record<string, readonly string[] | boolean>>) {
    const house = await houseFor('set-up-gateway');
    house.engine.onStep = async (step) => {
      if (step !== '1 Set-InboundConnector') return;
      house.engine.onStep = () => Promise.resolve();
      await house.world.exchange.invoke({
        cmdlet: 'Set-InboundConnector',
        parameters: { Identity: name, ...edit },
      });
    };
    return { house, request: await house.carryThrough(setUp) };
  }

  it('is found out by the read after the last write, when it is another property that the plan names', async () => {
    const { house, request } = await setUpWhile({ SenderIPAddresses: ['203.0.113.9'] });
    // What the colleague changed is not removed over their head.
    expect(request).toMatchObject({ state: 'undo-failed', outcome: { code: 'proof-failed' } });
    expect(request.outcome?.message).toContain('SenderIPAddresses is 203.0.113.9');
    expect(await house.connectors()).toMatchObject([{ SenderIPAddresses: ['203.0.113.9'] }]);
  });

  it('is overwritten by what was approved, when it is the very property, as between any read and its write', async () => {
    const { house, request } = await setUpWhile({ EFSkipIPs: ['203.0.113.9'] });
    expect(request.state).toBe('done');
    expect(await house.connectors()).toMatchObject([{ EFSkipIPs: request.plan?.changes[1]?.fields[0]?.after }]);
  });

  it('and removes the object makes the next write fail, and nothing is left', async () => {
    const house = await houseFor('set-up-gateway');
    house.engine.onStep = async (step) => {
      if (step !== '1 Set-InboundConnector') return;
      house.engine.onStep = () => Promise.resolve();
      await house.world.exchange.invoke({ cmdlet: 'Remove-InboundConnector', parameters: { Identity: name } });
    };
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ outcome: { code: 'rejected' } });
    expect(await house.connectors()).toEqual([]);
  });
});

describe('a run that another process began', () => {
  it('does not believe what this process read before, because it may have been written since', async () => {
    const house = await awaitingApproval('lock-down');
    await house.click('approve', ada);
    await house.post();
    await house.engine.carryOn();
    const request = await house.request();
    expect(request.state).toBe('approved');
    const stored = new Map<string, Json>();
    const durable: DurableRun = {
      id: runCall(request).id,
      step: async (name, work) => {
        const result = (stored.get(name) as Awaited<ReturnType<typeof work>> | undefined) ?? (await work());
        stored.set(name, result);
        return result;
      },
      receive: async () => null,
      stillOurs: () => Promise.resolve(),
    };
    const run = runFunction(lockDown, house.runServices);
    const began = await beginRun(lockDown, house.runServices, durable.id, runCall(request).input);
    stored.set('start', { ...began } as unknown as Json);
    // The other process wrote and ended before it could store that it had.
    const change = began?.plan.changes.find(({ call }) => call !== null);
    if (!change?.call) throw new Error('the plan writes nothing');
    const index = began?.plan.changes.indexOf(change) ?? 0;
    await house.gate.submit(request.id, { type: 'step', index, status: 'running' });
    await house.world.exchange.invoke(change.call);
    const before = house.sent().length;
    await run.run(durable, runCall(request).input);
    expect(house.sent().slice(before)).toEqual([]);
  });
});
