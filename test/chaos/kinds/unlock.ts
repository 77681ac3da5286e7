import { heldByTenant } from './held-by-tenant.ts';
import { oneStep } from './one-step.ts';
import type { StoryKind } from './story-kind.ts';

export const unlock: StoryKind = {
  workflow: 'unlock',
  home: null,
  phrase: (_world, tenant) => Promise.resolve(`unlock ${tenant}.example`),
  state: 'done',
  outcome: 'proven',
  headline: '✓ Proven',
  writes: [['Set-InboundConnector', false]],
  notices: ['mail-ops ◷ Settled', 'mail-ops ✓ Proven', 'personal:rita ✓ Proven'],
  audit: oneStep,
  held: (world, request) => heldByTenant(world, request, false),
};
