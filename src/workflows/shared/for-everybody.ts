/**
 * What a new connector of ours has of itself, and what somebody may have set since. Narrowed to some accepted domains, it
 * would leave the others open; restricted to a certificate, it refuses the gateway, of which only the addresses are
 * known; and Exchange takes no connector for partners that trusts like one for own servers.
 */
export const forEverybody = {
  AssociatedAcceptedDomains: [],
  RestrictDomainsToCertificate: false,
  TlsSenderCertificateName: null,
  CloudServicesMailEnabled: false,
  TreatMessagesAsInternal: false,
};
