import type { ClickAnswer } from '../../support/running-bot.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { cardOf, requestOf } from '../stored.ts';
import { until } from '../until.ts';
import { nothingHeld } from './held-by-tenant.ts';
import type { StoryKind } from './story-kind.ts';
import { begun, stepDone } from './trail.ts';

/** Halfway through, the tenant takes the role away; the run stands still, and people have what was done taken back. */
export const stoppedSetUp: StoryKind = {
  workflow: 'set-up-gateway',
  home: null,
  phrase: (_world, tenant) => Promise.resolve(`set up gateway exchangedefender for ${tenant}.example`),
  before: async (world, tenant) => {
    const match = { tenant, cmdlet: 'Set-InboundConnector' };
    await world.control('faults', { where: 'exchange', kind: 'lost-role', match, times: null });
  },
  meanwhile: stopWhenPaused,
  after: async (world) => {
    await fetch(`${world.cloud.url}/control/faults`, { method: 'DELETE' });
  },
  state: 'undone',
  outcome: 'stopped',
  headline: '↩ Undone',
  writes: [['New-InboundConnector', false], ['Remove-InboundConnector']],
  notices: [
    'mail-ops ‖ Paused',
    'mail-ops ↩ Taken back',
    'personal:rita ‖ Paused',
    'personal:rita ↩ Taken back',
    'alerts ‖ Paused',
  ],
  audit: [
    ...begun,
    ...stepDone(0),
    'step-running 1',
    'paused',
    'stop',
    'step-undoing 1',
    'step-failed 1',
    'step-undoing 0',
    'step-undone 0',
    'undone',
  ],
  held: nothingHeld,
};

/** Clicks until the click was answered, or is seen to have counted. */
async function stopWhenPaused(world: ChaosWorld, requestId: string): Promise<void> {
  await until(`${requestId} to be stopped`, async () => {
    const request = await requestOf(world, requestId);
    if (!request || request.stopRequestedBy || request.state === 'undone') return request !== undefined;
    const messageId = await cardOf(world, requestId);
    if (messageId === undefined || !request.pause?.since) return false;
    const answer = await world.control<ClickAnswer>('actions', { as: 'rita', messageId, verb: 'stop' });
    return answer.outcome === 'card';
  });
}
