import { heldByTenant } from './held-by-tenant.ts';
import type { StoryKind } from './story-kind.ts';
import { begun, stepDone } from './trail.ts';

export const setUpGateway: StoryKind = {
  workflow: 'set-up-gateway',
  home: null,
  phrase: (_world, tenant) => Promise.resolve(`set up gateway exchangedefender for ${tenant}.example`),
  state: 'done',
  outcome: 'proven',
  headline: '✓ Proven',
  writes: [['New-InboundConnector', false], ['Set-InboundConnector']],
  notices: ['mail-ops ✓ Proven', 'personal:rita ✓ Proven'],
  audit: [...begun, ...stepDone(0), ...stepDone(1), 'completed'],
  held: (world, request) => heldByTenant(world, request, false),
};
