import type { FieldChange, ObjectRef } from '../core/change.ts';
import { type JsonObject, sameJson } from '../core/json.ts';
import type { ObjectState } from '../core/step.ts';
import type { InboundConnector } from '../ports/exchange-online.ts';
import type { World } from '../ports/world.ts';

/** The properties of an inbound connector that steps may write. */
export type InboundConnectorFields = JsonObject &
  Partial<Omit<InboundConnector, 'Identity' | 'Guid' | 'ConnectorSource'>>;

export function inboundConnector(name: string): ObjectRef {
  return { kind: 'InboundConnector', identity: name };
}

export async function readInboundConnector(
  world: World,
  name: string,
  signal?: AbortSignal,
): Promise<ObjectState | null> {
  const found = await world.exchange.get('Get-InboundConnector', name, signal);
  return found && { ...found };
}

/** What Exchange gives a new connector where nobody said otherwise: a connector that is only planned has these too. */
export const newInboundConnectorDefaults = {
  Enabled: true,
  Comment: '',
  SenderIPAddresses: [],
  AssociatedAcceptedDomains: [],
  RequireTls: true,
  RestrictDomainsToIPAddresses: false,
  RestrictDomainsToCertificate: false,
  TlsSenderCertificateName: null,
  CloudServicesMailEnabled: false,
  TreatMessagesAsInternal: false,
  EFSkipLastIP: false,
  EFSkipIPs: [],
  EFUsers: [],
} as const satisfies InboundConnectorFields;

const defaults: InboundConnectorFields = newInboundConnectorDefaults;

/** The wanted fields that the object does not show yet. */
export function fieldChanges(wanted: JsonObject, current: ObjectState): FieldChange[] {
  return Object.entries(wanted)
    .map(([field, after]) => ({ field, before: current[field] ?? defaults[field] ?? null, after }))
    .filter(({ before, after }) => !sameJson(before, after));
}
