import { describe, expect, it, vi } from 'vitest';
import { powershell } from '../../src/views/powershell.ts';
import { connectorName, houseFor, setUp } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';

const why = 'what is there now cannot be sent back with Set-InboundConnector, because a value has control characters';

/** A house whose connector a colleague has changed, so that setting it up again has something to bring back. */
async function drifted(fields: Record<string, string | boolean | readonly string[]>): Promise<MemorySwitchyard> {
  const house = await houseFor('lock-down');
  const parameters = { Identity: connectorName, ...fields };
  await house.world.exchange.invoke({ cmdlet: 'Set-InboundConnector', parameters });
  house.world.exchange.invoked.length = 0;
  return house;
}

describe('an inverse', () => {
  it('is what is sent to take a change back, and nothing else is', async () => {
    const held = { EFSkipIPs: ['65.99.0.0/16'], EFUsers: ['alex test'] };
    const house = await drifted(held);
    const { exchange } = house.world;
    const restore = vi.spyOn(exchange, 'restore');
    const read = exchange.get.bind(exchange);
    // What is written never reads back as planned.
    vi.spyOn(exchange, 'get').mockImplementation(async (cmdlet, identity) => {
      const found = await read(cmdlet, identity);
      return restore.mock.calls.length > 0 || !found ? found : { ...found, ...held };
    });
    const request = await house.carryThrough(setUp);
    expect(request).toMatchObject({ state: 'undone', outcome: { code: 'read-back' } });
    expect(restore.mock.calls.map(([call]) => call)).toEqual([request.plan?.changes[0]?.inverse]);
    expect(await house.connectors()).toMatchObject([held]);
  });

  it('that could not be sent is not shown: the change cannot be undone, and is approved and made as such', async () => {
    const house = await drifted({ RequireTls: false });
    vi.spyOn(house.world.exchange, 'whyNotRestored').mockReturnValue(why);
    const request = await house.carryThrough(setUp);
    const { plan } = request;
    expect(request.state).toBe('done');
    expect(plan?.changes).toMatchObject([{ action: 'update', inverse: null, irreversible: why }]);
    expect(plan?.undo).toMatchObject([{ call: null, why }]);
    expect(plan?.warnings).toContainEqual(
      expect.objectContaining({ word: 'cannot-be-undone', text: expect.stringContaining(why) }),
    );
    expect(plan?.risk).toBe('high');
  });

  it('that nobody would write anew stays in the plan where it can be sent', async () => {
    const house = await drifted({ EFSkipIPs: ['65.99.0.0/16'] });
    const { plan } = await house.carryThrough(setUp);
    const inverse = plan?.changes[0]?.inverse;
    expect(inverse && powershell(inverse)).toContain("-EFSkipIPs @('65.99.0.0/16')");
  });
});
