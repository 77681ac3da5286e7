import type { Workflow } from '../core/workflow.ts';
import type { World } from '../ports/world.ts';
import { changeApprovalPolicy } from './change-approval-policy.ts';
import { lockDown } from './lock-down.ts';
import { setUpGateway } from './set-up-gateway.ts';
import { unlock } from './unlock.ts';

/** What can be requested: one sorted line per file. */
export const workflows: readonly Workflow<World>[] = [changeApprovalPolicy, lockDown, setUpGateway, unlock];
