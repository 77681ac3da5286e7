import type { JsonObject } from './json.ts';
import type { Workflow, WorkflowContext } from './workflow.ts';

/**
 * Asks everything that the guards of an earlier plan insist on, all at once. A world that keeps its answers then has
 * them when planning comes to its guards one after the other; what they are does not matter here, nor whether they fail.
 */
export async function askAhead<World>(workflow: Workflow<World>, world: World, facts: JsonObject): Promise<void> {
  const asked: Promise<unknown>[] = [];
  const context: WorkflowContext<World> = {
    run: () => Promise.resolve(),
    require: (check, args) => {
      asked.push(check.run(world, args));
      return Promise.resolve();
    },
    prove: () => Promise.resolve(),
  };
  await Promise.allSettled([workflow.run(context, facts)]);
  await Promise.allSettled(asked);
}
