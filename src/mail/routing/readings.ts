/** One way to read what public documentation leaves open. */
export interface Readings {
  readonly unrestrictedAddressesAdmit: boolean;
  readonly wildcardBeatsAllAccepted: boolean;
  readonly sentToScopeNeedsAuthentication: boolean;
  readonly returnedMailIsInternal: boolean;
  readonly firstRouteWins: boolean;
  readonly auditStops: boolean;
  readonly recipientFirst: boolean;
}

/** The reading that is taken when nobody knows better: the stricter one, or the one that vendors rely on. */
export const usualReadings: Readings = {
  unrestrictedAddressesAdmit: false,
  wildcardBeatsAllAccepted: false,
  sentToScopeNeedsAuthentication: false,
  returnedMailIsInternal: false,
  firstRouteWins: false,
  auditStops: false,
  recipientFirst: false,
};

/** What each open point is about, as the reason why a route is not certain. */
export const openPoints: Readonly<Record<keyof Readings, string>> = {
  unrestrictedAddressesAdmit:
    'It is not documented whether a partner connector that lists addresses without restricting to them makes an exception from the lock of another one.',
  wildcardBeatsAllAccepted:
    'Microsoft lists connectors for all accepted domains before wildcards, and its own example has them the other way round.',
  sentToScopeNeedsAuthentication:
    'Microsoft documents that SentToScope asks for an authenticated connection, while gateways rely on it for mail from the internet.',
  returnedMailIsInternal:
    'It is not documented whether mail that returns through an OnPremises connector without TreatMessagesAsInternal counts as internal.',
  firstRouteWins: 'It is not documented which connector is taken when two rules route the same message.',
  auditStops: 'It is not documented whether a rule in audit mode ends the processing of further rules.',
  recipientFirst: 'It is not known whether an unknown recipient is refused before the connectors are looked at.',
};
