import { changeApprovalPolicy } from './change-approval-policy.ts';
import { lockDown } from './lock-down.ts';
import { lockTakenBack } from './lock-taken-back.ts';
import { setUpGateway } from './set-up-gateway.ts';
import { stoppedSetUp } from './stopped-set-up.ts';
import type { StoryKind } from './story-kind.ts';
import { unlock } from './unlock.ts';

/** What a tenant can go through, in this order, beside other tenants. */
export const tenantKinds = ['set-up-gateway', 'lock-down', 'unlock'] as const;
export type TenantKind = (typeof tenantKinds)[number];

/** What is asked for, approved and run, in an order in which one round can go through it when nothing else happens. */
const requestKinds = [
  'stopped set-up',
  'set-up-gateway',
  'lock taken back',
  'lock-down',
  'unlock',
  'change-approval-policy',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Everything, in such an order. */
export const kindNames = [...requestKinds, 'connect'] as const;
export type KindName = (typeof kindNames)[number];

export const storyKinds: Readonly<Record<RequestKind, StoryKind>> = {
  'stopped set-up': stoppedSetUp,
  'set-up-gateway': setUpGateway,
  'lock taken back': lockTakenBack,
  'lock-down': lockDown,
  unlock,
  'change-approval-policy': changeApprovalPolicy,
};
