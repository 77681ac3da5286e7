import { isOpen, type ProvisioningRequest } from '../../../src/core/request.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { requestOf } from '../stored.ts';
import { until } from '../until.ts';
import { heldByTenant } from './held-by-tenant.ts';
import { lockDown } from './lock-down.ts';
import type { StoryKind } from './story-kind.ts';
import { begun, stepDone } from './trail.ts';

/** Office 365 answers no probe, nobody holds the lock, and so it is taken back when its time has come. */
export const lockTakenBack: StoryKind = {
  ...lockDown,
  needs: 'set-up-gateway',
  before: async (world, tenant) => {
    await lockDown.before?.(world, tenant);
    const match = { host: 'tenant-edge', domain: `${tenant}.example` };
    await world.control('faults', { where: 'smtp', kind: 'throttle', match, times: null });
  },
  meanwhile: letTimePass,
  after: async (world) => {
    await fetch(`${world.cloud.url}/control/faults`, { method: 'DELETE' });
  },
  state: 'undone',
  outcome: 'proof-missing',
  headline: '↩ Undone',
  writes: [
    ['Set-InboundConnector', true],
    ['Set-InboundConnector', false],
  ],
  notices: [
    'mail-ops ◷ Settled',
    'mail-ops ⚠ Will be taken back',
    'mail-ops ↩ Taken back',
    'personal:rita ⚠ Will be taken back',
    'personal:rita ↩ Taken back',
    'alerts ⚠ Will be taken back',
  ],
  audit: [...begun, ...stepDone(0), 'overdue', 'take-back', 'step-undoing 0', 'step-undone 0', 'undone'],
  held: (world, request) => heldByTenant(world, request, false),
};

/** Jumps to the end of what the run waits for, each time once. */
async function letTimePass(world: ChaosWorld, requestId: string): Promise<void> {
  await until(`${requestId} to be taken back`, async () => {
    const request = await requestOf(world, requestId);
    const awaited = request && awaitedBy(request);
    if (!awaited) return request && (request.state === 'undoing' || !isOpen(request.state));
    const { nowMs } = await world.control<{ nowMs: number }>('clock');
    const advance = Math.ceil((Date.parse(awaited) - nowMs) / 1000);
    if (advance > 0) await world.control('clock', { advance });
    return false;
  });
}

function awaitedBy({ state, takeBack, proofs: [proof] }: ProvisioningRequest): string | null {
  if (state !== 'running') return null;
  return takeBack?.at ?? (proof?.status === 'proving' ? proof.deadline : null);
}
