import { describe, expect, it } from 'vitest';
import { healthOf, warnOfOperators } from '../../src/app/health.ts';
import type { ProvisioningRequest } from '../../src/core/request.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { ADAS_CHAT, BUSY, type DeliveryWorld, RITAS_CHAT, useDeliveryWorld } from '../support/delivery-world.ts';
import { ada } from '../support/people.ts';

const nowhere = '19:typo@thread.tacv2';
let world: DeliveryWorld;
useDeliveryWorld(
  (started) => {
    world = started;
  },
  { operators: nowhere },
);

/** Asked in Rita's own chat, with a card there. */
async function asked(): Promise<ProvisioningRequest> {
  const request = await world.request({ conversation: RITAS_CHAT });
  await world.messages.rememberCard(request.id, { conversation: RITAS_CHAT, messageId: 'm-1' });
  return request;
}

describe('a card in the chat of whoever asked', () => {
  it('does not promise approvers a card that appears nowhere', async () => {
    const request = await asked();
    await world.delivery.card(request.id);
    expect(world.places()).toEqual([]);
    expect(world.edits()[0]?.text).toContain('No approver can see this request now');
    expect(world.edits()[0]?.text).not.toContain('Approvers have a card of their own');
  });

  it('says that approvers have one where somebody has them sent, or where one was posted before', async () => {
    const first = await asked();
    await world.messages.rememberCard(first.id, { conversation: BUSY, messageId: 'm-2' });
    await world.delivery.card(first.id);
    await world.subscribe(ADAS_CHAT, { kind: 'approvals' }, { by: ada });
    await world.delivery.card((await asked()).id);
    const own = world.edits().filter(({ conversation }) => conversation === RITAS_CHAT);
    expect(own).toHaveLength(2);
    for (const { text } of own) expect(text).toContain('Approvers have a card of their own');
  });
});

describe('a conversation of the operators where nothing can be posted', () => {
  const health = (mode: 'production' | 'rehearsal', operatorConversation: string | null) => ({
    config: { mode, operatorConversation },
  });

  it('is told with the health, and makes no process unready that could hear from it', async () => {
    const seen = (place: string | null) =>
      healthOf(health('production', place), world, { ready: true }, world.notifier, new AbortController().signal);
    expect(await seen(nowhere)).toMatchObject({ ready: true, checks: { operators: false } });
    expect(await seen(BUSY)).toMatchObject({ ready: true, checks: { operators: true } });
    expect((await seen(null)).checks).not.toHaveProperty('operators');
  });

  it('is warned of at the start, with what to do', async () => {
    const lines: string[] = [];
    const sink = { write: (line: string) => void lines.push(line) };
    const log = createLogger({ level: 'warn', secrets: [], sink });
    await warnOfOperators({ ...health('production', BUSY), log }, world.notifier);
    await warnOfOperators({ ...health('production', null), log }, world.notifier);
    // There the app is added to it in a moment.
    await warnOfOperators({ ...health('rehearsal', nowhere), log }, world.notifier);
    expect(lines).toEqual([]);
    await warnOfOperators({ ...health('production', nowhere), log }, world.notifier);
    expect(lines).toEqual([expect.stringContaining(`OPERATOR_CONVERSATION names ${nowhere}`)]);
  });
});
