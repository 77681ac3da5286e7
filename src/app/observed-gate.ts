import type { Gate } from '../core/gate.ts';
import { requestMoved } from '../telemetry/events.ts';
import type { Logger } from '../telemetry/log.ts';

/** The gate, with a line in the log for everything that goes through it. */
export function observed(gate: Gate, log: Logger): Gate {
  return {
    submit: async (requestId, event, seen) => {
      const result = await gate.submit(requestId, event, seen);
      requestMoved(log, { request: requestId, event: event.type, result });
      return result;
    },
  };
}
