import { RefusedError } from '../core/errors.ts';
import type { Step } from '../core/step.ts';
import type { World } from '../ports/world.ts';
import {
  fieldChanges,
  type InboundConnectorFields,
  inboundConnector,
  readInboundConnector,
} from './inbound-connector.ts';

interface SetInboundConnector {
  readonly name: string;
  readonly title: string;
  /** Whether this change can stop or open mail flow. */
  readonly risky: boolean;
  readonly fields: InboundConnectorFields;
}

export const setInboundConnector: Step<SetInboundConnector, World> = {
  name: 'Set-InboundConnector',
  object: ({ name }) => inboundConnector(name),
  read: (world, { name }, signal) => readInboundConnector(world, name, signal),
  preview: ({ name, title, risky, fields }, current) => {
    if (!current) {
      throw new RefusedError(`There is no inbound connector named ${name}.`, {
        operation: 'Set-InboundConnector',
        next: 'Set up the gateway first.',
      });
    }
    const common = { step: 'Set-InboundConnector', object: inboundConnector(name), title, irreversible: null };
    const changes = fieldChanges(fields, current);
    if (changes.length === 0) {
      return { ...common, action: 'no-op', fields: [], call: null, inverse: null, risky: false };
    }
    const side = (which: 'before' | 'after'): Record<string, (typeof changes)[number]['after']> =>
      Object.fromEntries(changes.map((change) => [change.field, change[which]]));
    return {
      ...common,
      action: 'update',
      fields: changes,
      call: { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...side('after') } },
      inverse: { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, ...side('before') } },
      risky,
    };
  },
  write: async (world, call, signal) => {
    await world.exchange.invoke(call, signal);
  },
  restore: async (world, inverse, signal) => {
    await world.exchange.restore(inverse, signal);
  },
  whyNotRestored: (world, inverse) => world.exchange.whyNotRestored(inverse),
};
