import { describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { connectorAsPlanned } from '../../src/checks/connector-as-planned.ts';
import { RejectedError } from '../../src/core/errors.ts';
import { confirmFunction, planFunction } from '../../src/core/planning.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { runFunction } from '../../src/core/run.ts';
import { newStanding } from '../../src/core/standstill.ts';
import { startsLeftToOthers } from '../../src/core/start-run.ts';
import { runCall } from '../../src/core/transitions/run-call.ts';
import { undoFunction } from '../../src/core/undo-again.ts';
import { defineWorkflow, type Workflow } from '../../src/core/workflow.ts';
import type { World } from '../../src/ports/world.ts';
import { steps } from '../../src/steps/index.ts';
import { workflows } from '../../src/workflows/index.ts';
import { houseFor, connectorName as name, type Story, sentences } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, person } from '../support/people.ts';

const oskar = person('Oskar', '41', 'operator');

/** What requests lack that were stored before runs could be paused, held and undone again. */
const younger = Object.keys(newStanding);

function asStoredBefore(body: ProvisioningRequest): object {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !younger.includes(field)));
}

/** The program ends and another one, with these workflows, goes on with what is stored. */
function exchangeProgram(
  house: MemorySwitchyard,
  current: readonly Workflow<World>[],
  draining: readonly Workflow<World>[],
): void {
  const runServices = { ...house.runServices, find: (wanted: string) => current.find((one) => one.name === wanted) };
  const runs = [...current, ...draining].flatMap((one) => [
    runFunction(one, runServices),
    undoFunction(one, runServices),
  ]);
  house.engine.upgrade([planFunction(runServices), confirmFunction(runServices), ...runs]);
}

/** A request that was approved when the program ended, with which the next one cannot begin. */
async function approvedBeforeWorkflowsWent(): Promise<MemorySwitchyard> {
  const house = await houseFor('set-up-gateway');
  await house.say(sentences['set-up-gateway']);
  await house.settle();
  await house.click('approve', ada);
  const { runServices } = house;
  house.engine.upgrade([planFunction(runServices), confirmFunction(runServices)]);
  return house;
}

describe('a request that an earlier program stored', () => {
  it.each<[Story, string]>([
    ['set-up-gateway', '1 Set-InboundConnector'],
    ['lock-down', 'proof 0: attempt 1'],
    ['unlock', '0 Set-InboundConnector'],
  ])('is carried on by this one: %s before %s', async (story, step) => {
    const house = await houseFor(story);
    house.engine.onStep = async (reached) => {
      if (reached !== step) return;
      house.engine.onStep = () => Promise.resolve();
      house.store.rewrite((await house.request()).id, asStoredBefore);
    };
    const request = await house.carryThrough(sentences[story]);
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' }, pause: null, takeBack: null });
  });

  it('is planned, approved and run although it waits for its approval in the earlier form', async () => {
    const house = await houseFor('set-up-gateway');
    await house.say(sentences['set-up-gateway']);
    await house.settle();
    house.store.rewrite((await house.request()).id, asStoredBefore);
    await house.click('approve', ada);
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('can be paused and resumed by this one', async () => {
    const house = await houseFor('set-up-gateway');
    house.engine.onStep = async (reached) => {
      if (reached !== '1 Set-InboundConnector') return;
      house.engine.onStep = () => Promise.resolve();
      const { id } = await house.request();
      house.store.rewrite(id, asStoredBefore);
      await house.say(`pause ${id}`, oskar);
    };
    const { id, pause } = await house.carryThrough(sentences['set-up-gateway']);
    expect(pause).toMatchObject({ by: { name: 'Oskar' } });
    house.store.rewrite(id, (body) => ({ ...body, takeBack: undefined }));
    await house.say(`resume ${id}`, oskar);
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });
});

/** A workflow of one write, which its second version precedes with another one. */
function twoLives(version: 1 | 2): Workflow<World> {
  return defineWorkflow<{ domain: string }, { name: string }, World>({
    name: 'two-lives',
    version,
    title: 'Two lives',
    summary: 'For this test.',
    phrases: ['live {domain}'],
    input: z.strictObject({ domain: z.string() }),
    form: [],
    prepare: () => Promise.resolve({ title: 'Live', facts: { name }, warnings: [], untouched: [], blastRadius: [] }),
    run: async (context) => {
      const change = (fields: Record<string, string | boolean>) =>
        context.run(steps.setInboundConnector, { name, title: 'live', risky: false, fields });
      if (version === 2) await change({ RequireTls: false });
      await change({ Comment: `version ${version}` });
      const timing = { settleSeconds: 60, everySeconds: 60, deadlineSeconds: 600, agreeing: 1 };
      const expected = { Comment: `version ${version}` };
      await context.prove({ title: 'It lives', check: connectorAsPlanned, timing }, { connector: name, expected });
    },
    result: () => null,
  });
}

describe('two versions of a workflow side by side', () => {
  /** The first version stands still, half way. */
  async function halfWay(): Promise<MemorySwitchyard> {
    const house = new MemorySwitchyard({ connectors: [{ Name: name, RequireTls: true }] }, [twoLives(1)]);
    house.engine.onStep = async (reached) => {
      if (reached !== '0 Set-InboundConnector') return;
      house.engine.onStep = () => Promise.resolve();
      await house.say(`pause ${(await house.request()).id}`, oskar);
    };
    const request = await house.carryThrough('live contoso.com');
    expect(request).toMatchObject({ state: 'running', version: 1, pause: { by: { name: 'Oskar' } } });
    return house;
  }

  it('let open runs finish on the version they began with, while new ones begin on the new one', async () => {
    const house = await halfWay();
    exchangeProgram(house, [...workflows, twoLives(2)], [twoLives(1)]);
    const { id } = await house.request();
    await house.say(`resume ${id}`, oskar);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', version: 1, outcome: { code: 'proven' } });
    expect(await house.connectors()).toMatchObject([{ Comment: 'version 1', RequireTls: true }]);

    const later = await house.carryThrough('live contoso.com');
    expect(later).toMatchObject({ state: 'done', version: 2, outcome: { code: 'proven' } });
    expect(await house.connectors()).toMatchObject([{ Comment: 'version 2', RequireTls: false }]);
  });

  it('keep the run of a version that is missing where it is', async () => {
    const house = await halfWay();
    exchangeProgram(house, [...workflows, twoLives(2)], []);
    await house.say(`resume ${(await house.request()).id}`, oskar);
    await expect(house.settle()).rejects.toThrow('no function two-lives@1');
    expect((await house.request()).state).toBe('running');
  });

  it('end an undo of a version that is missing with what is left to do, also when it is tried once more', async () => {
    const house = await houseFor('set-up-gateway');
    const detail = { operation: 'test', next: '' };
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    house.world.exchange.fail('Remove-InboundConnector', new RejectedError('It is in use', detail));
    const { id, state } = await house.carryThrough(sentences['set-up-gateway']);
    expect(state).toBe('undo-failed');
    exchangeProgram(house, [], []);
    for (const undoTries of [1, 2]) {
      await house.say(`retry ${id}`, oskar);
      await house.settle();
      const request = await house.request();
      expect(request).toMatchObject({ state: 'undo-failed', undoTries, outcome: { code: 'unknown-workflow' } });
      expect(request.outcome?.message).toContain('does not have version 1 of set-up-gateway any more');
      expect(request.outcome?.left).toEqual([expect.stringContaining('Remove-InboundConnector')]);
      expect(house.notices().at(-1)?.notice).toMatchObject({ kind: 'undo-failed', tone: 'bad' });
    }
  });

  it('ask for a new approval when the version of an approved plan has gone, and forget the run of that plan', async () => {
    const house = new MemorySwitchyard({ connectors: [{ Name: name }] }, [twoLives(1)]);
    await house.say('live contoso.com');
    await house.settle();
    await house.click('approve', ada);
    exchangeProgram(house, [...workflows, twoLives(2)], []);
    house.starts.onMiss = () => house.engine.carryOn();
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', version: 2, planVersion: 2 });
    expect(house.starts.misses).toBe(1);
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'done', version: 2 });
  });

  it('ask for a new approval although the run of the approved plan comes to its confirmation first', async () => {
    const house = new MemorySwitchyard({ connectors: [{ Name: name }] }, [twoLives(1)]);
    await house.say('live contoso.com');
    await house.settle();
    await house.click('approve', ada);
    exchangeProgram(house, [...workflows, twoLives(2)], [twoLives(1)]);
    await house.engine.start(runCall(await house.request()));
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', version: 2, planVersion: 2 });
    expect(house.sent()).toEqual([]);
  });

  it('forget the run of a request that ended because its workflow has gone', async () => {
    const house = new MemorySwitchyard({ connectors: [{ Name: name }] }, [twoLives(1)]);
    await house.say('live contoso.com');
    await house.settle();
    await house.click('approve', ada);
    exchangeProgram(house, workflows, []);
    house.starts.onMiss = () => house.engine.carryOn();
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'unknown-workflow' } });
    expect(house.starts.misses).toBe(1);
  });

  it('end a request that was approved and whose version is missing when it starts, with nothing changed', async () => {
    const house = await approvedBeforeWorkflowsWent();
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'refused', outcome: { code: 'unknown-workflow' } });
    expect(await house.connectors()).toEqual([]);
    expect(house.starts.misses).toBe(startsLeftToOthers);
  });

  it('leave a start that an old program does not know to one that does', async () => {
    const house = await approvedBeforeWorkflowsWent();
    house.starts.onMiss = (misses) => {
      if (misses === 5) exchangeProgram(house, workflows, []);
    };
    await house.settle();
    expect(house.starts.misses).toBe(5);
    expect(await house.request()).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
  });

  it('leave an undo that an old program does not know to one that does', async () => {
    const house = await houseFor('set-up-gateway');
    const detail = { operation: 'test', next: '' };
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    house.world.exchange.fail('Remove-InboundConnector', new RejectedError('It is in use', detail));
    const { id } = await house.carryThrough(sentences['set-up-gateway']);
    exchangeProgram(house, [], []);
    house.starts.onMiss = (misses) => {
      if (misses === 3) exchangeProgram(house, workflows, []);
    };
    await house.say(`retry ${id}`, oskar);
    await house.settle();
    expect(house.starts.misses).toBe(3);
    expect(await house.request()).toMatchObject({ undoTries: 1, outcome: { left: [] } });
    expect(await house.connectors()).toEqual([]);
  });

  it('ask for a new approval when a request planned by the old one has not begun', async () => {
    const house = new MemorySwitchyard({ connectors: [{ Name: name }] }, [twoLives(1)]);
    await house.say('live contoso.com');
    await house.settle();
    exchangeProgram(house, [...workflows, twoLives(2)], [twoLives(1)]);
    await house.click('approve', ada);
    await house.settle();
    expect(await house.request()).toMatchObject({ state: 'awaiting-approval', version: 2, planVersion: 2 });
    expect(house.sent()).toEqual([]);
  });
});
