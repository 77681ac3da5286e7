import { RefusedError } from '../core/errors.ts';
import type { Step } from '../core/step.ts';
import type { World } from '../ports/world.ts';
import {
  fieldChanges,
  type InboundConnectorFields,
  inboundConnector,
  readInboundConnector,
} from './inbound-connector.ts';

interface NewInboundConnector {
  readonly name: string;
  readonly title: string;
  /** Sender domains are mandatory in Exchange; lists must be sorted, as canonical reads give them. */
  readonly fields: InboundConnectorFields & { readonly SenderDomains: readonly string[] };
}

export const newInboundConnector: Step<NewInboundConnector, World> = {
  name: 'New-InboundConnector',
  object: ({ name }) => inboundConnector(name),
  read: (world, { name }, signal) => readInboundConnector(world, name, signal),
  preview: ({ name, title, fields }, current) => {
    const common = {
      step: 'New-InboundConnector',
      object: inboundConnector(name),
      title,
      irreversible: null,
      risky: false,
    };
    if (!current) {
      return {
        ...common,
        action: 'create',
        fields: Object.entries(fields).map(([field, after]) => ({ field, before: null, after })),
        call: { cmdlet: 'New-InboundConnector', parameters: { Name: name, ...fields } },
        inverse: { cmdlet: 'Remove-InboundConnector', parameters: { Identity: name, Confirm: false } },
      };
    }
    const differing = fieldChanges(fields, current);
    if (differing.length === 0) return { ...common, action: 'no-op', fields: [], call: null, inverse: null };
    throw new RefusedError(
      `A connector named ${name} already exists and differs in ${differing.map(({ field }) => field).join(', ')}.`,
      {
        operation: 'New-InboundConnector',
        next: 'Make a new request: the plan will then change the connector that is there.',
      },
    );
  },
  write: async (world, call, signal) => {
    await world.exchange.invoke(call, signal);
  },
  restore: async (world, inverse, signal) => {
    await world.exchange.restore(inverse, signal);
  },
  whyNotRestored: (world, inverse) => world.exchange.whyNotRestored(inverse),
};
