import { beforeEach, describe, expect, it } from 'vitest';
import { RejectedError, TenantAccessError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/core/person.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { connectorName, houseFor, type Story, sentences, setUp } from '../support/memory-story.ts';
import type { MemorySwitchyard } from '../support/memory-switchyard.ts';
import { person, rita } from '../support/people.ts';

const oskar = person('Oskar', '41', 'operator');
const detail = { operation: 'test', next: 'Ask the administrator.' };
const consentLost = new TenantAccessError('The consent was withdrawn.', { ...detail, reason: 'consent' });

let house: MemorySwitchyard;

/** The request as it stands when nothing more happens by itself. */
function approved(story: Story): Promise<ProvisioningRequest> {
  return house.carryThrough(sentences[story]);
}

const order = (word: string, actor: Actor = oskar, more = ''): Promise<ProvisioningRequest> =>
  house.order(word, actor, more);

function audited(action: string): string[] {
  return house.store.audit.filter((entry) => entry.action === action).map(({ actor }) => actor?.name ?? 'Switchyard');
}

describe('an undo that did not work', () => {
  const undoFails = async (): Promise<ProvisioningRequest> => {
    house.world.exchange.fail('Set-InboundConnector', new RejectedError('EFSkipIPs cannot be used', detail));
    house.world.exchange.fail('Remove-InboundConnector', consentLost);
    return approved('set-up-gateway');
  };

  beforeEach(async () => {
    house = await houseFor('set-up-gateway');
  });

  it('can be tried again, as a run of its own', async () => {
    const failed = await undoFails();
    expect(failed.state).toBe('undo-failed');
    const request = await order('retry');
    expect(request).toMatchObject({
      state: 'undone',
      undoTries: 1,
      steps: [{ status: 'undone' }, { status: 'failed' }],
    });
    expect(await house.connectors()).toEqual([]);
    expect(house.engine.storedOf(`${request.id}:undo:1`)).toEqual(['start', 'undo 0 New-InboundConnector', 'close']);
    expect(audited('retry')).toEqual(['Oskar']);
    expect(await house.store.all()).toMatchObject([{ health: 'planned', locked: false }]);
  });

  it('can fail again and be tried again', async () => {
    await undoFails();
    house.world.exchange.fail('Remove-InboundConnector', consentLost);
    const failed = await order('retry');
    expect(failed).toMatchObject({ state: 'undo-failed', undoTries: 1 });
    expect(failed.outcome?.left[0]).toContain(`Remove-InboundConnector -Identity '${connectorName}'`);
    expect(await order('retry')).toMatchObject({ state: 'undone', undoTries: 2 });
    const kinds = house.notices().map(({ id }) => id);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it('sees what a person has done by hand meanwhile', async () => {
    await undoFails();
    const parameters = { Identity: connectorName };
    await house.world.exchange.invoke({ cmdlet: 'Remove-InboundConnector', parameters });
    house.world.exchange.invoked.length = 0;
    expect(await order('retry')).toMatchObject({ state: 'undone' });
    expect(house.sent()).toEqual([]);
  });

  it('does not undo the work of a later request', async () => {
    const { id } = await undoFails();
    house.world.clock.advance(60);
    expect((await house.carryThrough(setUp)).state).toBe('done');
    await house.say(`retry ${id}`, oskar);
    await house.settle();
    const request = await house.store.get(id);
    expect(request).toMatchObject({ state: 'undo-failed' });
    expect(request?.outcome?.message).toContain('has changed the same objects since');
    expect(await house.connectors()).toHaveLength(1);
  });

  it('is not tried again by the requester alone', async () => {
    await undoFails();
    expect(await order('retry', rita)).toMatchObject({ state: 'undo-failed', undoTries: 0 });
  });
});
