import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod/v4';
import type { CmdletCall } from '../../src/core/change.ts';
import { RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { defineWorkflow } from '../../src/core/workflow.ts';
import type { World } from '../../src/ports/world.ts';
import { steps } from '../../src/steps/index.ts';
import { houseFor, connectorName as name, setUp } from '../support/memory-story.ts';
import { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { ada, ben } from '../support/people.ts';

const detail = { operation: 'test', next: 'Look again.' };

describe('undoing', () => {
  it('leaves a colleague’s edit alone and names the exact line to run', async () => {
    const house = await houseFor('lock-down');
    house.edge = 'always-open';
    house.engine.onStep = async (step) => {
      if (step !== 'undo 0 Set-InboundConnector') return;
      await house.world.exchange.invoke({ cmdlet: 'Remove-InboundConnector', parameters: { Identity: name } });
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request.state).toBe('undo-failed');
    expect(request.outcome?.left).toEqual([
      expect.stringContaining(`Set-InboundConnector -Identity '${name}' -Enabled $false`),
    ]);
    expect(house.sent()).toEqual(['Set-InboundConnector', 'Remove-InboundConnector']);
    expect(request.steps).toMatchObject([{ status: 'not-undone' }]);
    expect(await house.store.all()).toMatchObject([{ health: 'unknown' }]);
    const told = house.notices().filter(({ notice }) => notice.kind === 'undo-failed');
    expect(told.map(({ audience }) => audience)).toEqual(['thread', 'requester', 'operators']);
  });

  it('does not remove a connector that a colleague has changed since it was created', async () => {
    const house = await houseFor('set-up-gateway');
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    house.engine.onStep = async (step) => {
      if (step !== 'undo 0 New-InboundConnector') return;
      const parameters = { Identity: name, SenderIPAddresses: ['203.0.113.9'] };
      await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    };
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undo-failed' });
    expect(request.outcome?.left[0]).toContain(`Remove-InboundConnector -Identity '${name}' -Confirm:$false`);
    expect(await house.connectors()).toMatchObject([{ SenderIPAddresses: ['203.0.113.9'] }]);
  });

  it('says what is left when the consent is withdrawn during the run', async () => {
    const house = await houseFor('set-up-gateway');
    const gone = new TenantAccessError('The consent was withdrawn.', { ...detail, reason: 'consent' });
    house.engine.onStep = (step) => {
      if (step === '1 Set-InboundConnector') {
        house.realSeconds += 6;
        house.world.exchange.fail('Get-InboundConnector', gone, { times: 99 });
      }
      return Promise.resolve();
    };
    const { id, pause } = await house.carryThrough(setUp);
    expect(pause).toMatchObject({ by: null, code: 'tenant-access', reason: 'The consent was withdrawn.' });
    await house.say(`cancel ${id}`, ada);
    await house.settle();
    const request = await house.request();
    expect(request.state).toBe('undo-failed');
    expect(request.outcome?.left).toEqual([expect.stringContaining('Remove-InboundConnector')]);
  });
});

describe('a tenant that changes', () => {
  it('between plan and approval voids the approval and shows what changed', async () => {
    const house = await houseFor('set-up-gateway');
    await house.carryThrough(setUp);
    house.world.exchange.invoked.length = 0;
    const change = (address: string) =>
      house.world.exchange.invoke({
        cmdlet: 'Set-InboundConnector',
        parameters: { Identity: name, SenderIPAddresses: [address] },
      });
    await change('203.0.113.1');
    await house.say(setUp);
    await house.settle();
    await change('203.0.113.2');
    const planned = await house.request();
    await house.click('approve', ada);
    await house.settle();
    const now = await house.request();
    expect(now).toMatchObject({ state: 'awaiting-approval', planVersion: 2, decisions: [{ voided: true }] });
    expect(now.differences).toEqual([
      {
        about: 'object',
        subject: `InboundConnector ${name}`,
        field: 'SenderIPAddresses',
        plannedFrom: ['203.0.113.1'],
        wanted: ['65.99.255.0/24'],
        now: ['203.0.113.2'],
      },
    ]);
    expect(house.sent()).toEqual(['Set-InboundConnector', 'Set-InboundConnector']);
    const stale = { requestId: planned.id, digest: planned.plan?.digest.slice(0, 16), nonce: planned.nonce };
    expect(await house.click('approve', ben, stale)).toMatchObject({ kind: 'error', code: 'stale' });
    await house.click('approve', ada);
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('between approval and run voids the approval and writes nothing', async () => {
    const house = await houseFor('lock-down');
    house.engine.onStep = async (step) => {
      if (step !== 'start') return;
      house.engine.onStep = () => Promise.resolve();
      house.realSeconds += 6;
      house.world.dns.setMx('contoso.com', ['20 inbound31.exchangedefender.com', '10 inbound30.exchangedefender.com']);
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'awaiting-approval', planVersion: 2, decisions: [{ voided: true }] });
    expect(house.sent()).toEqual([]);
    expect(house.notices().at(-1)?.notice.kind).toBe('superseded');
  });

  it('between two steps ends the run and takes the first step back', async () => {
    const house = await houseFor('set-up-gateway');
    house.engine.onStep = async (step) => {
      if (step !== '1 Set-InboundConnector') return;
      house.realSeconds += 6;
      const parameters = { Identity: name, EFSkipIPs: ['203.0.113.9'] };
      await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    };
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'drift' } });
    expect(await house.connectors()).toEqual([]);
  });

  it('so that nothing is left to do closes the request', async () => {
    const house = await houseFor('lock-down');
    await house.say('lock down contoso.com');
    await house.settle();
    const parameters = { Identity: name, Enabled: true };
    await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    await house.click('approve', ada);
    await house.settle();
    expect((await house.request()).state).toBe('nothing-to-do');
  });
});

describe('a run', () => {
  it('of an earlier plan that wakes up late does nothing', async () => {
    const house = await houseFor('lock-down');
    house.engine.onStep = async (step) => {
      if (step !== 'start') return;
      house.engine.onStep = () => Promise.resolve();
      house.realSeconds += 6;
      house.world.dns.setMx('contoso.com', ['inbound31.exchangedefender.com', 'inbound30.exchangedefender.com']);
    };
    const { id } = await house.carryThrough('lock down contoso.com');
    house.engine.onStep = (step) => {
      // It comes before the second run, and finds the request approved.
      if (step === 'plan') house.engine.forget(`${id}:run:1`);
      return Promise.resolve();
    };
    await house.click('approve', ada);
    await house.settle();
    expect((await house.request()).state).toBe('done');
    expect(house.sent()).toEqual(['Set-InboundConnector']);
    expect(house.engine.storedOf(`${id}:run:1`)).toEqual(['start']);
    expect(house.engine.storedOf(`${id}:run:2`)).toContain('complete');
  });

  it('that asks for another step than the plan is taken back and tells the operator', async () => {
    let asked = 0;
    const moody = defineWorkflow<{ domain: string }, { name: string }, World>({
      name: 'moody',
      version: 1,
      title: 'Moody',
      summary: 'For this test.',
      phrases: ['be moody {domain}'],
      input: z.strictObject({ domain: z.string() }),
      form: [],
      prepare: () => Promise.resolve({ title: 'Moody', facts: { name }, warnings: [], untouched: [], blastRadius: [] }),
      run: async ({ run }) => {
        await run(steps.setInboundConnector, { name, title: 'moody', risky: false, fields: { Comment: 'moody' } });
        // Planned when asked for, confirmed when approved, compared at the start, each of these two asking ahead as well,
        // and then run.
        if (++asked > 5) throw new TypeError('x is not a function');
      },
      result: () => null,
    });
    const house = new MemorySwitchyard({ connectors: [{ Name: name }] }, [moody]);
    const request = await house.carryThrough('be moody contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'internal' }, steps: [{ status: 'undone' }] });
    expect(await house.connectors()).toMatchObject([{ Comment: '' }]);
    expect(house.defects).toEqual([new TypeError('x is not a function')]);
  });

  it('leaves alone what already was as wanted, also when it is taken back', async () => {
    const tidy = defineWorkflow<{ domain: string }, { name: string }, World>({
      name: 'tidy-up',
      version: 1,
      title: 'Tidy up',
      summary: 'For this test.',
      phrases: ['tidy up {domain}'],
      input: z.strictObject({ domain: z.string() }),
      form: [],
      prepare: () =>
        Promise.resolve({ title: 'Tidy up', facts: { name }, warnings: [], untouched: [], blastRadius: [] }),
      run: async ({ run }) => {
        for (const fields of [{ Enabled: true }, { Comment: 'tidy' }, { RequireTls: false }]) {
          await run(steps.setInboundConnector, { name, title: 'tidy', risky: false, fields });
        }
      },
      result: () => null,
    });
    const house = new MemorySwitchyard({ connectors: [{ Name: name, Enabled: true }] }, [tidy]);
    const isLast = (call: CmdletCall) => call.parameters['RequireTls'] === false;
    const { exchange } = house.world;
    const invoke = exchange.invoke.bind(exchange);
    vi.spyOn(exchange, 'invoke').mockImplementation((call) =>
      isLast(call) ? Promise.reject(new RejectedError('TLS is needed', detail)) : invoke(call),
    );
    const request = await house.carryThrough('tidy up contoso.com');
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'rejected' } });
    expect(request.steps.map(({ status }) => status)).toEqual(['already', 'undone', 'failed']);
    expect(await house.connectors()).toMatchObject([{ Enabled: true, Comment: '', RequireTls: true }]);
    expect(house.sent()).toHaveLength(2);
  });

  it('is not ended by a store that goes away', async () => {
    const house = await houseFor('set-up-gateway');
    const gone = new StoreUnavailableError('The database does not answer.', detail);
    let refusals = 0;
    house.store.around = async (label) => {
      // What the engine does with such a step: it does the step again.
      if (label === 'before save running' && refusals++ === 3) throw gone;
      await house.mortality.moment(label);
    };
    await house.say(setUp);
    await house.settle();
    await house.click('approve', ada);
    await expect(house.settle()).rejects.toBe(gone);
    house.engine.resume();
    await house.settle();
    expect((await house.request()).state).toBe('done');
  });

  it('treats a look that fails as unclear, not as the end', async () => {
    const house = await houseFor('lock-down');
    house.engine.onStep = (step) => {
      if (step === 'proof 0: attempt 1') {
        vi.spyOn(house.world.dns, 'addresses').mockRejectedValueOnce(new Error('a defect'));
      }
      return Promise.resolve();
    };
    const request = await house.carryThrough('lock down contoso.com');
    expect(request).toMatchObject({ state: 'done', outcome: { code: 'proven' } });
    expect(house.defects).toHaveLength(1);
  });

  it('of a defect in a step is taken back and tells the operator', async () => {
    const house = await houseFor('set-up-gateway');
    const defect = new TypeError('x is not a function');
    house.world.exchange.fail('Set-InboundConnector', defect);
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'internal' } });
    expect(JSON.stringify(request)).not.toContain('x is not a function');
    expect(house.defects).toEqual([defect]);
  });
});
