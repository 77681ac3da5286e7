import { describe, expect, it } from 'vitest';
import { applyChange, revertChange } from '../../src/core/apply.ts';
import { DriftError } from '../../src/core/errors.ts';
import type { Step } from '../../src/core/step.ts';
import type { World } from '../../src/ports/world.ts';
import { steps } from '../../src/steps/index.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';

const name = 'Gateway';
const fields = { SenderDomains: ['*'], Enabled: false, SenderIPAddresses: ['203.0.113.0/24'] };
const old = { Name: name, SenderIPAddresses: ['203.0.113.9'], Comment: 'as it was' };

interface Example {
  readonly world: () => FakeWorld;
  /** Plans and gives what can be done with the plan. */
  readonly on: (world: FakeWorld) => Promise<Deeds>;
}

interface Deeds {
  readonly planned: { readonly action: string; readonly step: string };
  readonly apply: () => Promise<void>;
  readonly revert: () => Promise<void>;
}

async function deeds<Args>(step: Step<Args, World>, args: Args, world: FakeWorld): Promise<Deeds> {
  const planned = step.preview(args, await step.read(world, args));
  return {
    planned,
    apply: () => applyChange(step, args, planned, world),
    revert: () => revertChange(step, args, planned, world),
  };
}

const examples: Record<Exclude<keyof typeof steps, 'setApprovalPolicy'>, Example> = {
  newInboundConnector: {
    world: () => fakeWorld({ connectors: [{ Name: 'Other' }] }),
    on: (world) => deeds(steps.newInboundConnector, { name, title: 't', fields }, world),
  },
  setInboundConnector: {
    world: () => fakeWorld({ connectors: [{ Name: 'Other' }, old] }),
    on: (world) => deeds(steps.setInboundConnector, { name, title: 't', risky: true, fields }, world),
  },
};

const connectorsOf = (world: FakeWorld) => world.exchange.list('Get-InboundConnector');

describe.each(Object.entries(examples))('%s', (_name, { world: make, on }) => {
  it('applied twice has one effect', async () => {
    const world = make();
    const { apply, planned } = await on(world);
    await apply();
    await apply();
    expect(world.exchange.invoked.map(({ cmdlet }) => cmdlet)).toEqual([planned.step]);
    expect(await connectorsOf(world)).toContainEqual(expect.objectContaining({ Name: name, ...fields }));
  });

  it('applied and taken back leaves the tenant as it was', async () => {
    const world = make();
    const before = await connectorsOf(world);
    const { apply, revert } = await on(world);
    await apply();
    await revert();
    await revert();
    expect(await connectorsOf(world)).toEqual(before);
    expect(world.exchange.invoked).toHaveLength(2);
  });

  it('has nothing to do once it is done', async () => {
    const world = make();
    await (await on(world)).apply();
    const again = await on(world);
    expect(again.planned.action).toBe('no-op');
    await again.apply();
    expect(world.exchange.invoked).toHaveLength(1);
  });

  it('does not write over what somebody else has changed, and does not take it back', async () => {
    const world = make();
    const { apply, revert } = await on(world);
    await apply();
    const parameters = { Identity: name, SenderIPAddresses: ['198.51.100.1'] };
    await world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
    const before = await connectorsOf(world);
    await expect(apply()).rejects.toThrow(DriftError);
    await expect(revert()).rejects.toThrow(DriftError);
    expect(await connectorsOf(world)).toEqual(before);
  });
});

describe('setInboundConnector', () => {
  it('refuses to change what is not there', () => {
    const args = { name, title: 't', risky: false, fields };
    expect(() => steps.setInboundConnector.preview(args, null)).toThrow('There is no inbound connector named Gateway.');
  });

  it('sends only what differs', () => {
    const change = steps.setInboundConnector.preview(
      { name, title: 't', risky: false, fields },
      { ...fields, Enabled: true },
    );
    expect(change.call?.parameters).toEqual({ Identity: name, Enabled: false });
    expect(change.inverse?.parameters).toEqual({ Identity: name, Enabled: true });
  });
});
