import { changeApprovalPolicy } from './change-approval-policy.ts';
import { lockDown } from './lock-down.ts';
import { setUpGateway } from './set-up-gateway.ts';
import { stoppedSetUp } from './stopped-set-up.ts';
import type { StoryKind } from './story-kind.ts';
import { unlock } from './unlock.ts';

/** What a tenant can go through, in this order, beside other tenants. */
export const tenantKinds = ['set-up-gateway', 'lock-down', 'unlock'] as const;
export type TenantKind = (typeof tenantKinds)[number];

/** Everything, in an order in which one round can go through it when nothing else happens. */
export const kindNames = ['stopped set-up', ...tenantKinds, 'change-approval-policy'] as const;
export type KindName = (typeof kindNames)[number];

export const storyKinds: Readonly<Record<KindName, StoryKind>> = {
  'stopped set-up': stoppedSetUp,
  'set-up-gateway': setUpGateway,
  'lock-down': lockDown,
  unlock,
  'change-approval-policy': changeApprovalPolicy,
};
