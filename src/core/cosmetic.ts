/**
 * Properties that say something about an object and decide nothing about mail, by kind of object. A colleague who edits
 * one of them does not take the force from an approval, and a run does not take such an edit for drift.
 *
 * Source: the parameters of the Set- cmdlets and the properties of the Get- answers in Microsoft's reference of the
 * ExchangePowerShell module. Whatever is not in this table counts as effective.
 */
export const cosmeticProperties: Readonly<Record<string, readonly string[]>> = {
  AntiPhishPolicy: ['AdminDisplayName'],
  HostedConnectionFilterPolicy: ['AdminDisplayName'],
  HostedContentFilterPolicy: ['AdminDisplayName'],
  InboundConnector: ['Comment'],
  OutboundConnector: ['Comment', 'IsValidated', 'LastValidationTimestamp', 'ValidationRecipients'],
  ProtectionAlert: ['Comment'],
  TransportRule: ['Comments', 'Description'],
};

/** Bookkeeping that Exchange adds to every object. */
const everywhere = [
  'DistinguishedName',
  'ExchangeObjectId',
  'ExchangeVersion',
  'Guid',
  'Id',
  'LastModifiedBy',
  'ObjectState',
  'WhenChanged',
  'WhenChangedUTC',
  'WhenCreated',
  'WhenCreatedUTC',
];

/** Whether a property of such an object is for reading only, so that an approval need not bind to it. */
export function isCosmetic(kind: string, property: string): boolean {
  return everywhere.includes(property) || (cosmeticProperties[kind] ?? []).includes(property);
}
