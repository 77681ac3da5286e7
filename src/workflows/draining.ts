import type { Workflow } from '../core/workflow.ts';
import type { World } from '../ports/world.ts';

/**
 * Earlier versions of workflows, by the side of the present ones. A version is moved here, under a name of its own such
 * as `lock-down-1.ts`, when its steps change, because its open runs and their undo finish on the steps they began with.
 * Nobody can ask for one any more. It may go when no request of it is open or needs a person.
 */
export const draining: readonly Workflow<World>[] = [];
