import { heldByTenant } from './held-by-tenant.ts';
import { oneStep } from './one-step.ts';
import type { StoryKind } from './story-kind.ts';

export const lockDown: StoryKind = {
  workflow: 'lock-down',
  home: null,
  phrase: (_world, tenant) => Promise.resolve(`lock down ${tenant}.example`),
  before: async (world, tenant) => {
    const mx = 'inbound30.exchangedefender.com';
    await world.control('dns', { domain: `${tenant}.example`, mx, fresh: true }, 'PUT');
  },
  state: 'done',
  outcome: 'proven',
  headline: '✓ Proven',
  writes: [['Set-InboundConnector', true]],
  notices: ['mail-ops ◷ Settled', 'mail-ops ✓ Proven', 'personal:rita ✓ Proven'],
  audit: oneStep,
  held: (world, request) => heldByTenant(world, request, true),
};
