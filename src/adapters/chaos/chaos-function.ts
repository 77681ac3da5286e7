import type { DurableFunction, DurableRun } from '../../core/durable.ts';
import type { RequestStore } from '../../core/store.ts';
import { requestIdOf } from '../../core/transitions/run-call.ts';
import type { Failpoints } from './failpoints.ts';

/** A durable function that may be hit before, inside and after each of its stored steps. */
export function chaosFunction(failpoints: Failpoints, inner: DurableFunction, store: RequestStore): DurableFunction {
  return {
    name: inner.name,
    run: async (durable, input) => {
      const requestId = requestIdOf(input);
      const request = await store.get(requestId);
      if (request) failpoints.know(request);
      await failpoints.within(requestId, () => inner.run(chaosRun(failpoints, durable, requestId), input));
    },
  };
}

/** Replays pass the points again, which is as it should be: a process may die twice. */
function chaosRun(failpoints: Failpoints, durable: DurableRun, requestId: string): DurableRun {
  const reach = (point: string): void => failpoints.reach(point, requestId);
  return {
    id: durable.id,
    stillOurs: () => durable.stillOurs(),
    step: async (name, work) => {
      reach(`before step ${name}`);
      const result = await durable.step(name, async () => {
        const done = await work();
        reach(`in step ${name}, done and not stored`);
        return done;
      });
      reach(`after step ${name}`);
      return result;
    },
    receive: async (topic, until) => {
      reach(`before waiting for ${topic}`);
      const message = await durable.receive(topic, until);
      reach(`after waiting for ${topic}`);
      return message;
    },
  };
}
